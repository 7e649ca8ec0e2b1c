// Softmax over plain rows.
#ifndef FERRY_SOFTMAX_H
#define FERRY_SOFTMAX_H

#include "family.h"

/// `output[i] = exp(beta * (input[i] - max)) / sum`, a row at a time. Output may be the input.
typedef struct ferry_f32_softmax_args {
  const float *input;  // [rows][columns]
  float *output;       // [rows][columns]
  size_t rows, columns;
  float beta;
} ferry_f32_softmax_args;

FERRY_DECLARE_FAMILY(f32_softmax)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/f32_softmax.inc"
#undef FERRY_KERNEL

#endif
