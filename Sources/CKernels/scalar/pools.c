// Pools, resizing, softmax and layout changes, one element at a time.
#include <float.h>
#include <math.h>

#include "scalar.h"

static void pool(const ferry_f32_pool_args *a, int average) {
  for (size_t block = 0; block < a->blocks; ++block) {
    const float *input = a->input + block * a->input_block_stride;
    float *output = a->output + block * a->output_block_stride;
    for (size_t y = 0; y < a->output_height; ++y) {
      for (size_t x = 0; x < a->output_width; ++x, output += 8) {
        for (size_t lane = 0; lane < 8; ++lane) {
          float sum = 0, best = -FLT_MAX;
          size_t inside = 0, padded = 0;
          for (size_t r = 0; r < a->kernel_height; ++r) {
            const size_t iy = y * a->stride_y + r * a->dilation_y;
            if (iy >= a->padding_top + a->input_height + a->padding_bottom) continue;
            const int in_rows = iy >= a->padding_top && iy - a->padding_top < a->input_height;
            for (size_t s = 0; s < a->kernel_width; ++s) {
              const size_t ix = x * a->stride_x + s * a->dilation_x;
              if (ix >= a->padding_left + a->input_width + a->padding_right) continue;
              padded += 1;
              if (!in_rows || ix < a->padding_left || ix - a->padding_left >= a->input_width) continue;
              const float value =
                  input[((iy - a->padding_top) * a->input_width + ix - a->padding_left) * 8 + lane];
              sum += value;
              best = value > best || value != value ? value : best;
              inside += 1;
            }
          }
          const size_t divisor = a->count_padding ? padded : inside;
          const float mean = divisor ? sum / (float)divisor : 0;
          output[lane] = ferry_clamp(average ? mean : best, a->lower, a->upper);
        }
      }
    }
  }
}

void ferry_f32_pool_average__scalar(const ferry_f32_pool_args *a) { pool(a, 1); }
void ferry_f32_pool_maximum__scalar(const ferry_f32_pool_args *a) { pool(a, 0); }

void ferry_f32_global_pool_average__scalar(const ferry_f32_global_pool_args *a) {
  for (size_t i = 0; i < a->blocks * 8; ++i) {
    const float *input = a->input + i / 8 * a->input_block_stride + i % 8;
    double sum = 0;
    for (size_t p = 0; p < a->pixels; ++p) sum += (double)input[p * 8];
    a->output[i] = ferry_clamp((float)(sum / (double)a->pixels), a->lower, a->upper);
  }
}

void ferry_f32_global_pool_maximum__scalar(const ferry_f32_global_pool_args *a) {
  for (size_t i = 0; i < a->blocks * 8; ++i) {
    const float *input = a->input + i / 8 * a->input_block_stride + i % 8;
    float best = input[0];
    for (size_t p = 1; p < a->pixels; ++p) {
      const float value = input[p * 8];
      best = value > best || value != value ? value : best;
    }
    a->output[i] = ferry_clamp(best, a->lower, a->upper);
  }
}

void ferry_f32_softmax_1x1__scalar(const ferry_f32_softmax_args *a) {
  for (size_t row = 0; row < a->rows; ++row) {
    const float *input = a->input + row * a->columns;
    float *output = a->output + row * a->columns;
    float maximum = -INFINITY;
    for (size_t i = 0; i < a->columns; ++i) maximum = input[i] > maximum ? input[i] : maximum;
    double sum = 0;
    for (size_t i = 0; i < a->columns; ++i) {
      output[i] = expf(a->beta * (input[i] - maximum));
      sum += (double)output[i];
    }
    for (size_t i = 0; i < a->columns; ++i) output[i] = (float)((double)output[i] / sum);
  }
}

void ferry_f32_resize_nearest__scalar(const ferry_f32_resize_args *a) {
  for (size_t block = 0; block < a->blocks; ++block) {
    const float *input = a->input + block * a->input_block_stride;
    float *output = a->output + block * a->output_block_stride;
    for (size_t y = 0; y < a->output_height; ++y) {
      const float *row = input + a->rows[y].first * a->input_width * 8;
      for (size_t x = 0; x < a->output_width; ++x, output += 8) {
        for (size_t lane = 0; lane < 8; ++lane) output[lane] = row[a->columns[x].first * 8 + lane];
      }
    }
  }
}

void ferry_f32_resize_bilinear__scalar(const ferry_f32_resize_args *a) {
  for (size_t block = 0; block < a->blocks; ++block) {
    const float *input = a->input + block * a->input_block_stride;
    float *output = a->output + block * a->output_block_stride;
    for (size_t y = 0; y < a->output_height; ++y) {
      const ferry_resize_tap v = a->rows[y];
      const float *above = input + v.first * a->input_width * 8, *below = input + v.second * a->input_width * 8;
      for (size_t x = 0; x < a->output_width; ++x, output += 8) {
        const ferry_resize_tap h = a->columns[x];
        for (size_t lane = 0; lane < 8; ++lane) {
          const float p = above[h.first * 8 + lane], q = above[h.second * 8 + lane];
          const float r = below[h.first * 8 + lane], s = below[h.second * 8 + lane];
          const float top = p + h.fraction * (q - p), bottom = r + h.fraction * (s - r);
          output[lane] = top + v.fraction * (bottom - top);
        }
      }
    }
  }
}

void ferry_f32_blocks_pack__scalar(const ferry_f32_blocks_args *a) {
  const size_t padded = (a->channels + 7) / 8 * 8;
  for (size_t c = 0; c < padded; ++c) {
    float *target = a->output + c / 8 * a->block_stride + c % 8;
    for (size_t p = 0; p < a->pixels; ++p) {
      target[p * 8] = c < a->channels ? a->input[p * a->pixel_stride + c * a->channel_stride] : 0;
    }
  }
}

void ferry_f32_blocks_unpack__scalar(const ferry_f32_blocks_args *a) {
  for (size_t c = 0; c < a->channels; ++c) {
    const float *source = a->input + c / 8 * a->block_stride + c % 8;
    for (size_t p = 0; p < a->pixels; ++p) a->output[p * a->pixel_stride + c * a->channel_stride] = source[p * 8];
  }
}
