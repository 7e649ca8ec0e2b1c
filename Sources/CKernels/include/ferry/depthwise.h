// Depthwise convolution (channel multiplier 1) on blocked activations.
#ifndef FERRY_DEPTHWISE_H
#define FERRY_DEPTHWISE_H

#include "family.h"

/// Computes output rows `output_row_begin ..< output_row_end` of each block. Taps that fall outside the input count as
/// zero. Input row y lies at `(y % input_ring_rows) * input_row_stride`: a ring of rows or, with as many ring rows as
/// the input has, the whole plane. The output's first computed row is at `output`.
typedef struct ferry_f32_depthwise_args {
  const float *input;            // [blocks] planes
  size_t input_block_stride, input_row_stride;    // floats
  size_t input_ring_rows;
  size_t input_height, input_width;
  const float *weights;          // [blocks][1 + kernel_height * kernel_width][8], the bias first
  float *output;                 // [blocks] planes
  size_t output_block_stride, output_row_stride;  // floats
  size_t output_row_begin, output_row_end;
  size_t output_width;
  size_t blocks;
  size_t kernel_height, kernel_width;
  size_t stride_y, stride_x;
  size_t dilation_y, dilation_x;
  size_t padding_top, padding_left;
  float lower, upper;
} ferry_f32_depthwise_args;

FERRY_DECLARE_FAMILY(f32_depthwise)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/f32_depthwise.inc"
#undef FERRY_KERNEL

/// Packs `weights` [channels][taps] and `bias` [channels] (or null), neither necessarily aligned, into
/// [ceil(channels/8)][1 + taps][8]; lanes past `channels` are zero.
void ferry_f32_pack_depthwise(const void *weights, const void *bias, size_t channels, size_t taps, float *packed);

#endif
