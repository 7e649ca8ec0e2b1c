// How exact sums of products of counts become the counts of an output.
#ifndef FERRY_RESCALING_H
#define FERRY_RESCALING_H

#include "family.h"

/// The definition that an operator follows.
typedef enum ferry_rescaling_rule {
  /// LiteRT: `quotient(product(sum << left, multiplier), 2^right)`, `left` and `right` being a shift's positive and negative
  /// part; the product is the upper half of twice the 64-bit one. Both round to nearest, the product with ties upwards, the
  /// quotient with ties away from zero.
  ferry_rescaling_fixed,
  /// ONNX: the sum as float times a float, ties to even.
  ferry_rescaling_real,
  /// LiteRT's dense layers: the sum times a float64, ties away from zero, the nearest int32.
  ferry_rescaling_float64,
} ferry_rescaling_rule;

/// `count = clamp(rescaled(sum[o]) + zero_point)`. The arrays have one entry for each output channel, up to whole panels.
typedef struct ferry_rescaling {
  ferry_rescaling_rule rule;
  const int32_t *multipliers;  // fixed: 0 ... 2^31 - 1
  const int32_t *shifts;       // fixed: -31 ... 30
  const float *factors;        // real
  const double *wide_factors;  // float64
  int32_t zero_point;
  int32_t lower, upper;        // counts of the output's type
} ferry_rescaling;

/// Bytes are read as int8 once `flip` is applied to them: 0 for signed ones, 0x80 for unsigned ones, which then stand for
/// counts 128 lower; so does `zero_point`.
typedef struct ferry_count_reading {
  uint8_t flip;
  int16_t zero_point;
} ferry_count_reading;

#endif
