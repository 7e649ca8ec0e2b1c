// From real numbers to counts and back.
#ifndef FERRY_QUANTIZE_H
#define FERRY_QUANTIZE_H

#include "family.h"

typedef enum ferry_quantize_operation {
  ferry_quantize_ties_to_even,
  ferry_quantize_ties_away,
} ferry_quantize_operation;

/// `output[i] = clamp(round(input[i] / scale) + zero_point, lower, upper)`, the quotient a float; what is no number counts as
/// zero. Counts are stored in `width` (1, 2 or 4) bytes.
typedef struct ferry_f32_quantize_args {
  const float *input;
  void *output;
  size_t count;
  size_t width;
  float scale;
  int32_t zero_point, lower, upper;
} ferry_f32_quantize_args;

FERRY_DECLARE_FAMILY(f32_quantize)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/f32_quantize.inc"
#undef FERRY_KERNEL

/// Uint8 counts whose scale and zero point come from the numbers: with a the smallest of them and 0, b the largest and 0,
/// `scale = (b - a) / 255` (1 where that is zero) and `zero_point = round(clamp(-a / scale, 0, 255))`; all in float, ties to
/// even. Numbers that no such scale holds (one is not finite, or their range has no float scale) give the scale NaN and zeroes.
typedef struct ferry_f32_quantize_dynamic_args {
  const float *input;
  uint8_t *output;
  size_t count;
  float *scale;         // one
  uint8_t *zero_point;  // one
} ferry_f32_quantize_dynamic_args;

FERRY_DECLARE_FAMILY(f32_quantize_dynamic)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/f32_quantize_dynamic.inc"
#undef FERRY_KERNEL

typedef enum ferry_dequantize_operation {
  ferry_dequantize_int8,
  ferry_dequantize_uint8,
  ferry_dequantize_int16,
  ferry_dequantize_uint16,
  ferry_dequantize_int32,
} ferry_dequantize_operation;

/// `output[i] = scale * (input[i] - zero_point)`, in float64, rounded once.
typedef struct ferry_dequantize_args {
  const void *input;
  float *output;
  size_t count;
  float scale;
  int32_t zero_point;
} ferry_dequantize_args;

FERRY_DECLARE_FAMILY(dequantize)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/dequantize.inc"
#undef FERRY_KERNEL

#endif
