// Convolutions and the fully connected layer, one output channel at a time.
#include "scalar.h"

void ferry_f32_pointwise_1x16__scalar(const ferry_f32_pointwise_args *a) {
  const float *panel = a->weights;
  for (size_t block = 0; block < a->output_blocks; block += 2) {
    const size_t width = ferry_minimum_size(16, (a->output_blocks - block) * 8);
    for (size_t p = 0; p < a->pixels; ++p) {
      for (size_t o = 0; o < width; ++o) {
        float sum = panel[o];
        for (size_t k = 0; k < a->input_channels; ++k) {
          sum += a->input[k / 8 * a->input_block_stride + p * 8 + k % 8] * panel[(k + 1) * width + o];
        }
        const size_t target = block + o / 8;
        if (a->residual) sum += a->residual[target * a->residual_block_stride + p * 8 + o % 8];
        a->output[target * a->output_block_stride + p * 8 + o % 8] = ferry_clamp(sum, a->lower, a->upper);
      }
    }
    panel += (a->input_channels + 1) * width;
  }
}

void ferry_f32_convolution_1x16__scalar(const ferry_f32_convolution_args *a) {
  const size_t depth = a->kernel_height * a->kernel_width * a->input_channels;
  const float *panel = a->weights;
  for (size_t block = 0; block < a->output_blocks; block += 2) {
    const size_t width = ferry_minimum_size(16, (a->output_blocks - block) * 8);
    for (size_t y = 0; y < a->output_height; ++y) {
      for (size_t x = 0; x < a->output_width; ++x) {
        for (size_t o = 0; o < width; ++o) {
          float sum = panel[o];
          const float *weight = panel + width + o;
          for (size_t r = 0; r < a->kernel_height; ++r) {
            for (size_t s = 0; s < a->kernel_width; ++s) {
              const float *pixel = a->input + (y * a->stride_y + r * a->dilation_y) * a->input_row_stride +
                                   (x * a->stride_x + s * a->dilation_x) * 8;
              for (size_t k = 0; k < a->input_channels; ++k, weight += width) {
                sum += pixel[k / 8 * a->input_block_stride + k % 8] * *weight;
              }
            }
          }
          a->output[(block + o / 8) * a->output_block_stride + (y * a->output_width + x) * 8 + o % 8] =
              ferry_clamp(sum, a->lower, a->upper);
        }
      }
    }
    panel += (depth + 1) * width;
  }
}

void ferry_f32_stem_1x16__scalar(const ferry_f32_stem_args *a) {
  const size_t rows = a->output_row_end - a->output_row_begin;
  const float *panel = a->weights;
  for (size_t block = 0; block < a->output_blocks; block += 2) {
    const size_t width = ferry_minimum_size(16, (a->output_blocks - block) * 8);
    for (size_t row = 0; row < rows; ++row) {
      for (size_t x = 0; x < a->output_width; ++x) {
        for (size_t o = 0; o < width; ++o) {
          float sum = panel[o];
          for (size_t tap = 0; tap < 9; ++tap) {
            const size_t iy = (row + a->output_row_begin) * a->stride + tap / 3;
            const size_t ix = x * a->stride + tap % 3;
            if (iy < a->padding_top || iy - a->padding_top >= a->input_height) continue;
            if (ix < a->padding_left || ix - a->padding_left >= a->input_width) continue;
            const float *pixel = a->input + (iy - a->padding_top) * a->input_row_stride +
                                 (ix - a->padding_left) * a->input_pixel_stride;
            for (size_t c = 0; c < 3; ++c) {
              sum += pixel[c * a->input_channel_stride] * panel[(1 + tap * 3 + c) * width + o];
            }
          }
          a->output[(block + o / 8) * a->output_block_stride + (row * a->output_width + x) * 8 + o % 8] =
              ferry_clamp(sum, a->lower, a->upper);
        }
      }
    }
    panel += 28 * width;
  }
}

void ferry_f32_depthwise_1x8__scalar(const ferry_f32_depthwise_args *a) {
  const size_t taps = a->kernel_height * a->kernel_width;
  for (size_t block = 0; block < a->blocks; ++block) {
    const float *input = a->input + block * a->input_block_stride;
    const float *weights = a->weights + block * (taps + 1) * 8;
    for (size_t y = a->output_row_begin; y < a->output_row_end; ++y) {
      float *row = a->output + block * a->output_block_stride + (y - a->output_row_begin) * a->output_row_stride;
      for (size_t x = 0; x < a->output_width; ++x) {
        for (size_t lane = 0; lane < 8; ++lane) {
          float sum = weights[lane];
          for (size_t r = 0; r < a->kernel_height; ++r) {
            const size_t iy = y * a->stride_y + r * a->dilation_y;
            if (iy < a->padding_top || iy - a->padding_top >= a->input_height) continue;
            const float *line = input + (iy - a->padding_top) % a->input_ring_rows * a->input_row_stride;
            for (size_t s = 0; s < a->kernel_width; ++s) {
              const size_t ix = x * a->stride_x + s * a->dilation_x;
              if (ix < a->padding_left || ix - a->padding_left >= a->input_width) continue;
              sum += line[(ix - a->padding_left) * 8 + lane] * weights[(1 + r * a->kernel_width + s) * 8 + lane];
            }
          }
          row[x * 8 + lane] = ferry_clamp(sum, a->lower, a->upper);
        }
      }
    }
  }
}

void ferry_f32_fully_connected_1x64__scalar(const ferry_f32_fully_connected_args *a) {
  const size_t padded = (a->outputs + 7) / 8 * 8;
  for (size_t m = 0; m < a->rows; ++m) {
    const float *input = a->input + m * a->input_row_stride;
    float *output = a->output + m * a->output_row_stride;
    const float *panel = a->weights;
    for (size_t first = 0; first < padded; first += 64) {
      const size_t width = ferry_minimum_size(64, padded - first);
      for (size_t o = 0; o < width && first + o < a->outputs; ++o) {
        float sum = panel[o];
        for (size_t k = 0; k < a->inputs; ++k) sum += input[k] * panel[(k + 1) * width + o];
        output[first + o] = ferry_clamp(sum, a->lower, a->upper);
      }
      panel += (a->inputs + 1) * width;
    }
  }
}
