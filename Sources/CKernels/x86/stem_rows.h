// Rows of a three-channel image, padded and interleaved, as the stem kernels read them.
#ifndef FERRY_STEM_ROWS_H
#define FERRY_STEM_ROWS_H

#include <string.h>

#include "CKernels.h"

/// Fetches image row `y` (of the padded image), which is read a while later: images come from main memory.
static inline void ferry_fetch_stem_row(const ferry_f32_stem_args *a, size_t y) {
  if (y < a->padding_top || y - a->padding_top >= a->input_height) return;
  const float *row = a->input + (y - a->padding_top) * a->input_row_stride;
  const size_t runs = a->input_channel_stride == 1 ? 1 : 3;
  for (size_t run = 0; run < runs; ++run, row += a->input_channel_stride) {
    for (size_t i = 0; i < a->input_width * a->input_pixel_stride; i += 16) __builtin_prefetch(row + i, 0, 2);
  }
}

/// Lays image row `y` (of the padded image) into `target` as [pixels][3].
static inline void ferry_load_stem_row(const ferry_f32_stem_args *a, size_t y, size_t pixels, float *target) {
  if (y < a->padding_top || y - a->padding_top >= a->input_height) {
    for (size_t i = 0; i < pixels * 3; ++i) target[i] = 0;
    return;
  }
  const float *row = a->input + (y - a->padding_top) * a->input_row_stride;
  const size_t left = a->padding_left < pixels ? a->padding_left : pixels;
  const size_t rest = pixels - left;
  const size_t inside = rest < a->input_width ? rest : a->input_width;
  for (size_t i = 0; i < left * 3; ++i) target[i] = 0;
  target += left * 3;
  if (a->input_channel_stride == 1 && a->input_pixel_stride == 3) {
    memcpy(target, row, inside * 3 * sizeof(float));
  } else {
    const size_t pixel = a->input_pixel_stride, channel = a->input_channel_stride;
    for (size_t x = 0; x < inside; ++x) {
      target[x * 3] = row[x * pixel];
      target[x * 3 + 1] = row[x * pixel + channel];
      target[x * 3 + 2] = row[x * pixel + 2 * channel];
    }
  }
  for (size_t i = inside * 3; i < rest * 3; ++i) target[i] = 0;
}

#endif
