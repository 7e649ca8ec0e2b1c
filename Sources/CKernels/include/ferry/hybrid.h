// Real activations with weights of counts: activations become counts row by row, sums become real numbers again.
#ifndef FERRY_HYBRID_H
#define FERRY_HYBRID_H

#include "family.h"

typedef enum ferry_quantize_rows_operation {
  /// Scale max |x| / 127, zero point 0.
  ferry_quantize_rows_symmetric,
  /// Scale (max(x, 0) - min(x, 0)) / 255, the zero point from the end of the range that it is nearer to.
  ferry_quantize_rows_asymmetric,
} ferry_quantize_rows_operation;

/// What the counts of a row stand for.
typedef struct ferry_row_parameters {
  float scale;
  int32_t zero_point;
} ferry_row_parameters;

/// Quotients are products with a float inverse; one half is added in float and the sum cut towards zero, then comes the zero
/// point; the range of a row is a float difference. A row of zeroes, or of numbers that are not finite,
/// becomes zeroes with the scale 1.
typedef struct ferry_f32_quantize_rows_args {
  const float *input;                // [rows][columns]
  int8_t *output;                    // [rows][columns]
  ferry_row_parameters *parameters;  // [rows]
  size_t rows, columns;
} ferry_f32_quantize_rows_args;

FERRY_DECLARE_FAMILY(f32_quantize_rows)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/f32_quantize_rows.inc"
#undef FERRY_KERNEL

/// `output[i][c] = clamp(sums[i][c] * (scales[c] * row's scale) + bias[c])`, each step rounded to float.
typedef struct ferry_q8_reals_args {
  const int32_t *sums;                     // [rows][columns][channels]
  float *output;                           // likewise
  const ferry_row_parameters *parameters;  // [rows]
  const float *scales;                     // [channels]
  const float *bias;                       // [channels], or null
  size_t rows, columns, channels;
  float lower, upper;
} ferry_q8_reals_args;

FERRY_DECLARE_FAMILY(q8_reals)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/q8_reals.inc"
#undef FERRY_KERNEL

#endif
