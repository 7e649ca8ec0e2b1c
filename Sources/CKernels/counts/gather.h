// What the convolutions of counts share: a pixel's window as a row of 16-bit numbers.
#ifndef FERRY_GATHER_H
#define FERRY_GATHER_H

#include <string.h>

#include "CKernels.h"

/// `count` counts less their zero point.
static inline __attribute__((always_inline)) void widen(const uint8_t *source, ferry_count_reading reading,
                                                        int16_t *target, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    target[i] = (int16_t)((int8_t)(source[i] ^ reading.flip) - reading.zero_point);
  }
}

/// Writes the window of one output pixel, taps outside the map as zeroes, and one zero more where its depth is odd.
static inline __attribute__((always_inline)) void gather_pixel(const ferry_q8_convolution_args *a, size_t pixel,
                                                               int16_t *target) {
  const size_t y = pixel / a->output_width * a->window.stride_y, x = pixel % a->output_width * a->window.stride_x;
  const size_t channels = a->input_channels, row = a->window.kernel_width * channels;
  // Neighbouring taps lie side by side where the group is the whole map.
  const int contiguous = a->window.dilation_x == 1 && a->input_pixel_stride == channels;
  int16_t *const start = target;
  for (size_t r = 0; r < a->window.kernel_height; ++r, target += row) {
    const size_t iy = y + r * a->window.dilation_y;
    if (iy < a->window.padding_top || iy - a->window.padding_top >= a->input_height) {
      memset(target, 0, row * sizeof *target);
      continue;
    }
    const uint8_t *line = a->input + (iy - a->window.padding_top) * a->input_row_stride;
    if (contiguous) {
      // Taps `first ..< last` lie inside the map.
      const size_t first = x < a->window.padding_left ? a->window.padding_left - x : 0;
      const size_t room = a->input_width + a->window.padding_left > x ? a->input_width + a->window.padding_left - x : 0;
      const size_t last = room < a->window.kernel_width ? room : a->window.kernel_width;
      if (first >= last) {
        memset(target, 0, row * sizeof *target);
        continue;
      }
      memset(target, 0, first * channels * sizeof *target);
      widen(line + (x + first - a->window.padding_left) * channels, a->reading, target + first * channels,
            (last - first) * channels);
      memset(target + last * channels, 0, (a->window.kernel_width - last) * channels * sizeof *target);
      continue;
    }
    for (size_t s = 0; s < a->window.kernel_width; ++s) {
      const size_t ix = x + s * a->window.dilation_x;
      if (ix < a->window.padding_left || ix - a->window.padding_left >= a->input_width) {
        memset(target + s * channels, 0, channels * sizeof *target);
      } else {
        widen(line + (ix - a->window.padding_left) * a->input_pixel_stride, a->reading, target + s * channels, channels);
      }
    }
  }
  if ((target - start) % 2) *target = 0;
}

#endif
