// Dense convolution of any window, stride and dilation on blocked activations that already carry their padding.
#ifndef FERRY_CONVOLUTION_H
#define FERRY_CONVOLUTION_H

#include "family.h"

/// `output[o][y][x] = clamp(bias[o] + sum over r, s, k of
///  weights[o][r][s][k] * input[k][y * stride_y + r * dilation_y][x * stride_x + s * dilation_x])`.
typedef struct ferry_f32_convolution_args {
  const float *input;            // [ceil(K/8)] planes, the pixel under the first tap of the first output
  size_t input_block_stride;     // floats
  size_t input_row_stride;       // floats
  const float *weights;          // panels of depth kernel_height * kernel_width * K
  float *output;                 // [output_blocks] planes of [output_height][output_width][8]
  size_t output_block_stride;    // floats
  size_t output_height, output_width;
  size_t input_channels;         // K
  size_t output_blocks;
  size_t kernel_height, kernel_width;
  size_t stride_y, stride_x;
  size_t dilation_y, dilation_x;
  float lower, upper;
} ferry_f32_convolution_args;

FERRY_DECLARE_FAMILY(f32_convolution)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/f32_convolution.inc"
#undef FERRY_KERNEL

#endif
