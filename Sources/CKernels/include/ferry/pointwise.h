// Pointwise (1x1, stride 1) convolution on blocked activations.
#ifndef FERRY_POINTWISE_H
#define FERRY_POINTWISE_H

#include "family.h"

/// `output[o][p] = clamp(bias[o] + sum over k of weights[o][k] * input[k][p] + residual[o][p])`, strides in floats.
typedef struct ferry_f32_pointwise_args {
  const float *input;            // [ceil(K/8)] planes of [pixels][8]
  size_t input_block_stride;     // from one plane to the next
  const float *weights;          // panels, packed with the kernel's own panel width
  const float *residual;         // as output, or null
  size_t residual_block_stride;
  float *output;                 // [output_blocks] planes of [pixels][8]
  size_t output_block_stride;
  size_t pixels;
  size_t input_channels;         // K
  size_t output_blocks;          // ceil(O/8)
  float lower, upper;
  const float *ahead;            // what is read next, in lines of 64 bytes that a kernel may fetch in passing
  size_t lines_ahead;
} ferry_f32_pointwise_args;

/// What the kernels make of zeroes in the input; the results are the same bits.
typedef enum ferry_pointwise_operation {
  ferry_pointwise_multiplies_all,
  ferry_pointwise_skips_zeroes,  // where there are enough of them: for rectified inputs
} ferry_pointwise_operation;

FERRY_DECLARE_FAMILY(f32_pointwise)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/f32_pointwise.inc"
#undef FERRY_KERNEL

/// Packs `weights` [outputs][depth] (not necessarily aligned) and `bias` [outputs] (or null) into panels of `panel`
/// output channels. `packed` holds `ceil(outputs/8) * 8 * (depth + 1)` floats; channels past `outputs` are zero. A bias of
/// -0 becomes 0: no sum is -0 then, and leaving products with zero out changes no bit.
void ferry_f32_pack_panels(const void *weights, const void *bias, size_t outputs, size_t depth, size_t panel,
                           float *packed);

/// Whether none of some floats, not necessarily aligned, is infinite or NaN.
_Bool ferry_f32_all_finite(const void *values, size_t count);

#endif
