// 16-bit counts, whose zero point is zero; weights of 8 bits.
#ifndef FERRY_Q16_H
#define FERRY_Q16_H

#include "rescaling.h"
#include "window.h"

typedef enum ferry_q16_sum_operation {
  ferry_q16_narrow,  // sums modulo 2^32, rescaled as 8-bit ones
  ferry_q16_wide,    // sums of 64 bits; the multiplier's upper 15 bits, one rounding: nearest, ties upwards
  ferry_q16_real,    // sums of 64 bits times a float64 factor, rounded to nearest, ties away from zero
} ferry_q16_sum_operation;

/// Convolution of maps [height][width][channels], dense, grouped or depthwise; a dense layer is one of a map of one pixel.
/// `sum[o] = bias[o] + sum over r, s, k of weights[o][r][s][k] * input[..][..][group of o, k]`; positions outside the map
/// count as zero.
typedef struct ferry_q16_convolution_args {
  const int16_t *input;
  size_t input_height, input_width, input_channels;
  const int8_t *weights;       // [outputs][kernel_height][kernel_width][group_inputs]
  const int64_t *bias;         // [outputs]
  int16_t *output;             // the first pixel
  size_t outputs;
  size_t group_inputs, group_outputs;
  size_t output_width;
  size_t output_row_begin, output_row_end;
  ferry_window window;
  ferry_rescaling rescaling;   // fixed, shifts of wide sums at most 7; of real ones the float64 factors
} ferry_q16_convolution_args;

FERRY_DECLARE_FAMILY(q16_convolution)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/q16_convolution.inc"
#undef FERRY_KERNEL

/// A factor as ``ferry_rescaling`` has one a channel.
typedef struct ferry_fixed_factor {
  int32_t multiplier, shift;
} ferry_fixed_factor;

typedef enum ferry_q16_binary_operation {
  /// rescaled(rescaled(left << 15) + rescaled(right << 15)), or minus.
  ferry_q16_binary_sum,
  ferry_q16_binary_difference,
  /// rescaled(left * right).
  ferry_q16_binary_product,
  /// The larger, the smaller; no factor is used.
  ferry_q16_binary_maximum,
  ferry_q16_binary_minimum,
} ferry_q16_binary_operation;

typedef struct ferry_q16_binary_args {
  const int16_t *left, *right;
  size_t left_step, right_step;   // 1 along a run, 0 for a scalar
  int16_t *output;
  size_t count;
  ferry_fixed_factor left_factor, right_factor, output_factor;
  int32_t lower, upper;
} ferry_q16_binary_args;

FERRY_DECLARE_FAMILY(q16_binary)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/q16_binary.inc"
#undef FERRY_KERNEL

/// LiteRT's softmax: e^x over -10 ... 0 and 1 / (1 + x) over 0 ... 1 by straight lines between the 513 points of a table.
typedef struct ferry_q16_softmax_args {
  const int16_t *input;         // [rows][columns]
  int16_t *output;              // [rows][columns], not the input
  size_t rows, columns;         // at most 2^15 columns
  ferry_fixed_factor factor;    // from counts to the exponential's positions
  const int32_t *exponentials;  // [513]
  const int32_t *reciprocals;   // [513]
} ferry_q16_softmax_args;

FERRY_DECLARE_FAMILY(q16_softmax)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/q16_softmax.inc"
#undef FERRY_KERNEL

#endif
