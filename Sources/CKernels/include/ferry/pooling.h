// Pooling on blocked activations.
#ifndef FERRY_POOLING_H
#define FERRY_POOLING_H

#include "family.h"

typedef enum ferry_pool_operation {
  ferry_pool_average,
  ferry_pool_maximum,
} ferry_pool_operation;

/// Positions outside the input take no part in a maximum or a sum. An average divides by the number of positions
/// inside the input or, with `count_padding`, by the number inside the padded input. An empty window gives 0 for an
/// average and the lowest finite float for a maximum.
typedef struct ferry_f32_pool_args {
  const float *input;            // [blocks] planes of [input_height][input_width][8]
  size_t input_block_stride;     // floats
  size_t input_height, input_width;
  float *output;                 // [blocks] planes of [output_height][output_width][8]
  size_t output_block_stride;    // floats
  size_t output_height, output_width;
  size_t blocks;
  size_t kernel_height, kernel_width;
  size_t stride_y, stride_x;
  size_t dilation_y, dilation_x;
  size_t padding_top, padding_left, padding_bottom, padding_right;
  int32_t count_padding;
  float lower, upper;
} ferry_f32_pool_args;

FERRY_DECLARE_FAMILY(f32_pool)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/f32_pool.inc"
#undef FERRY_KERNEL

/// The mean, or the maximum, of each channel over all pixels, clamped.
typedef struct ferry_f32_global_pool_args {
  const float *input;            // [blocks] planes of [pixels][8]
  size_t input_block_stride;     // floats
  size_t pixels;                 // at least 1
  float *output;                 // [blocks][8]
  size_t blocks;
  float lower, upper;
} ferry_f32_global_pool_args;

FERRY_DECLARE_FAMILY(f32_global_pool)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/f32_global_pool.inc"
#undef FERRY_KERNEL

#endif
