// The first convolution of a network: 3x3 over three channels, read where the caller's image lies.
#ifndef FERRY_STEM_H
#define FERRY_STEM_H

#include "family.h"

/// As a dense convolution with a 3x3 window over three channels; the image keeps its own layout and has no padding.
typedef struct ferry_f32_stem_args {
  const float *input;            // element (row y, column x, channel c) at y*row + x*pixel + c*channel strides
  size_t input_row_stride, input_pixel_stride, input_channel_stride;  // floats
  size_t input_height, input_width;
  size_t padding_top, padding_left;
  size_t stride;                 // both ways
  const float *weights;          // panels of depth 27, taps row-major, channels innermost
  float *output;                 // [output_blocks] planes of [output_height][output_width][8]
  size_t output_block_stride;    // floats
  size_t output_row_begin, output_row_end;  // the rows to compute
  size_t output_width;
  size_t output_blocks;
  float *scratch;                // 3 rows of ((output_width - 1) * stride + 3) * 3 floats
  float lower, upper;
} ferry_f32_stem_args;

FERRY_DECLARE_FAMILY(f32_stem)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/f32_stem.inc"
#undef FERRY_KERNEL

#endif
