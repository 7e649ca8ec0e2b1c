// Convolutions of counts, one output at a time.
#include "../counts/gather.h"
#include "../counts/rescale.h"
#include "scalar.h"

void ferry_q8_convolution_1x16__scalar(const ferry_q8_convolution_args *a) {
  const size_t depth = a->window.kernel_height * a->window.kernel_width * a->input_channels, pairs = (depth + 1) / 2;
  for (size_t pixel = a->pixel_begin; pixel < a->pixel_end; ++pixel) {
    const int16_t *x = a->scratch;
    gather_pixel(a, pixel, a->scratch);
    for (size_t o = 0; o < a->outputs; ++o) {
      const int16_t *w = a->weights + o / 16 * pairs * 32 + o % 16 * 2;
      uint32_t sum = (uint32_t)a->bias[o];
      for (size_t k = 0; k < pairs; ++k, w += 32) {
        sum += (uint32_t)(x[2 * k] * w[0]) + (uint32_t)(x[2 * k + 1] * w[1]);
      }
      const size_t target = pixel * a->output_pixel_stride + o;
      if (a->output) {
        a->output[target] = (uint8_t)ferry_rescaled(&a->rescaling, (int32_t)sum, o);
      } else {
        a->sums[target] = (int32_t)sum;
      }
    }
  }
}

void ferry_q8_depthwise_1x16__scalar(const ferry_q8_depthwise_args *a) {
  const size_t padded = (a->channels + 15) / 16 * 16, row = a->input_width * a->channels;
  for (size_t y = a->output_row_begin; y < a->output_row_end; ++y) {
    for (size_t x = 0; x < a->output_width; ++x) {
      for (size_t c = 0; c < a->channels; ++c) {
        uint32_t sum = (uint32_t)a->bias[c];
        for (size_t r = 0; r < a->window.kernel_height; ++r) {
          const size_t iy = y * a->window.stride_y + r * a->window.dilation_y;
          if (iy < a->window.padding_top || iy - a->window.padding_top >= a->input_height) continue;
          for (size_t s = 0; s < a->window.kernel_width; ++s) {
            const size_t ix = x * a->window.stride_x + s * a->window.dilation_x;
            if (ix < a->window.padding_left || ix - a->window.padding_left >= a->input_width) continue;
            const uint8_t byte = a->input[(iy - a->window.padding_top) * row + (ix - a->window.padding_left) * a->channels + c];
            const int32_t count = (int8_t)(byte ^ a->reading.flip) - a->reading.zero_point;
            sum += (uint32_t)(count * a->weights[(r * a->window.kernel_width + s) * padded + c]);
          }
        }
        const size_t target = (y * a->output_width + x) * a->channels + c;
        if (a->output) {
          a->output[target] = (uint8_t)ferry_rescaled(&a->rescaling, (int32_t)sum, c);
        } else {
          a->sums[target] = (int32_t)sum;
        }
      }
    }
  }
}

void ferry_q8_matmul_1x1__scalar(const ferry_q8_matmul_args *a) {
  for (size_t m = 0; m < a->rows; ++m) {
    for (size_t n = 0; n < a->columns; ++n) {
      const uint8_t *left = a->left + m * a->left_row_stride, *right = a->right + n * a->right_column_stride;
      const int32_t zero_point = (int8_t)(a->right_zero_points[n * a->right_zero_point_step] ^ a->right_flip);
      uint32_t sum = 0;
      for (size_t k = 0; k < a->depth; ++k, left += a->left_depth_stride, right += a->right_depth_stride) {
        const int32_t factor = (int8_t)(*left ^ a->left_reading.flip) - a->left_reading.zero_point;
        sum += (uint32_t)(factor * ((int8_t)(*right ^ a->right_flip) - zero_point));
      }
      const size_t target = m * a->columns + n;
      if (a->output) {
        a->output[target] = (uint8_t)ferry_rescaled(&a->rescaling, (int32_t)sum, n);
      } else {
        a->sums[target] = (int32_t)sum;
      }
    }
  }
}
