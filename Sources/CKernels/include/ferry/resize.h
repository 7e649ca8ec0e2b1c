// Resizing blocked activations; the caller lays down which input pixels an output pixel takes and how much of each.
#ifndef FERRY_RESIZE_H
#define FERRY_RESIZE_H

#include "family.h"

typedef enum ferry_resize_operation {
  ferry_resize_nearest,   // takes the `first` pixels only
  ferry_resize_bilinear,  // first + fraction * (second - first), along the row, then down the column
} ferry_resize_operation;

/// One output coordinate: two input coordinates and how far it lies from the first to the second.
typedef struct ferry_resize_tap {
  uint32_t first, second;
  float fraction;
} ferry_resize_tap;

typedef struct ferry_f32_resize_args {
  const float *input;            // [blocks] planes of [..][input_width][8]
  size_t input_block_stride;     // floats
  size_t input_width;
  float *output;                 // [blocks] planes of [output_height][output_width][8]
  size_t output_block_stride;    // floats
  size_t output_height, output_width;
  const ferry_resize_tap *rows;     // [output_height]
  const ferry_resize_tap *columns;  // [output_width]
  size_t blocks;
} ferry_f32_resize_args;

FERRY_DECLARE_FAMILY(f32_resize)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/f32_resize.inc"
#undef FERRY_KERNEL

#endif
