// Functions of whole rows of 8-bit counts: softmax, the position of an extremum; maps in another size.
#ifndef FERRY_Q8_ROWS_H
#define FERRY_Q8_ROWS_H

#include "rescaling.h"

typedef enum ferry_q8_softmax_operation {
  /// LiteRT: `terms` int32 without integer bits, `reach` the largest distance with a term; results count from `lowest` on.
  ferry_q8_softmax_fixed,
  /// ONNX: `terms` unused, float64 powers of the counts' real distances, rounded to float and quantized, ties to even.
  ferry_q8_softmax_real,
} ferry_q8_softmax_operation;

typedef struct ferry_q8_softmax_args {
  const uint8_t *input;       // [rows][columns]
  uint8_t *output;            // [rows][columns], not the input
  size_t rows, columns;       // of the fixed one, as few columns as leave the sum of terms in range
  uint8_t flip;               // 0x80 for unsigned counts, input and output alike
  const int32_t *terms;       // [256] e^-(scale * distance) for each distance from the row's maximum
  int32_t reach;
  const float *values;        // [256] what each byte stands for, real
  float beta;
  float scale;                // of the output, real
  int32_t zero_point, lower, upper;
} ferry_q8_softmax_args;

FERRY_DECLARE_FAMILY(q8_softmax)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/q8_softmax.inc"
#undef FERRY_KERNEL

typedef enum ferry_arg_operation {
  ferry_arg_maximum,
  ferry_arg_minimum,
} ferry_arg_operation;

/// `output[o][i]` is the index k of the extremum of `input[o][..][i]`, the first or the last of equal ones.
typedef struct ferry_q8_arg_args {
  const uint8_t *input;  // [outer][extent][inner]
  size_t outer, extent, inner;
  uint8_t flip;
  int32_t takes_last;
  int64_t *wide;         // [outer][inner], or null
  int32_t *narrow;       // likewise
} ferry_q8_arg_args;

FERRY_DECLARE_FAMILY(q8_arg)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/q8_arg.inc"
#undef FERRY_KERNEL

typedef enum ferry_q8_resize_operation {
  ferry_q8_resize_nearest,   // takes the `first` pixels only
  ferry_q8_resize_fixed,     // bilinear, fractions of 1024; the sum rounded, ties away from zero
  ferry_q8_resize_real,      // bilinear of unsigned counts in float, plus a half, cut
  ferry_q8_resize_wide_fixed,  // as fixed, of 16-bit counts
} ferry_q8_resize_operation;

/// One output coordinate: two input coordinates and how far it lies behind the first.
typedef struct ferry_q8_resize_tap {
  uint32_t first, second;
  int32_t steps;   // fixed
  float fraction;  // real
} ferry_q8_resize_tap;

typedef struct ferry_q8_resize_args {
  const void *input;       // [..][input_width][channels]
  void *output;            // [output_height][output_width][channels]
  size_t input_width;
  size_t output_width;
  size_t output_row_begin, output_row_end;
  size_t channels;
  const ferry_q8_resize_tap *rows;     // [output_height]
  const ferry_q8_resize_tap *columns;  // [output_width]
} ferry_q8_resize_args;

FERRY_DECLARE_FAMILY(q8_resize)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/q8_resize.inc"
#undef FERRY_KERNEL

#endif
