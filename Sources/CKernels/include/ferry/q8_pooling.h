// Pooling of maps [height][width][channels] of 8 or 16 bits.
#ifndef FERRY_Q8_POOLING_H
#define FERRY_Q8_POOLING_H

#include "rescaling.h"
#include "window.h"

typedef enum ferry_q8_pool_operation {
  /// The largest count, the smallest.
  ferry_q8_pool_maximum,
  ferry_q8_pool_minimum,
  /// LiteRT: the counts' sum divided by their number, rounded, ties away from zero.
  ferry_q8_pool_average,
  /// ONNX: the average of the counts less their zero point, rounded to float, rescaled by the one factor of `rescaling`.
  ferry_q8_pool_real_average,
  /// The same of 16-bit counts, which are signed.
  ferry_q8_pool_wide_maximum,
  ferry_q8_pool_wide_minimum,
  ferry_q8_pool_wide_average,
} ferry_q8_pool_operation;

/// Positions outside the map take no part in a maximum or a sum. An average divides by the number of positions inside the
/// map or, with `count_padding`, inside the padded map. Results are limited to the range of `rescaling`, of which only a
/// real average takes more. A window without a position inside gives what no position leaves: an end of the range, or zero.
typedef struct ferry_q8_pool_args {
  const void *input;
  size_t input_height, input_width;
  ferry_count_reading reading;
  void *output;                // the first pixel
  size_t output_width;
  size_t output_row_begin, output_row_end;
  size_t channels;
  ferry_window window;
  size_t padding_bottom, padding_right;
  int32_t count_padding;
  ferry_rescaling rescaling;
} ferry_q8_pool_args;

FERRY_DECLARE_FAMILY(q8_pool)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/q8_pool.inc"
#undef FERRY_KERNEL

#endif
