// Fully connected layer on plain rows.
#ifndef FERRY_FULLY_CONNECTED_H
#define FERRY_FULLY_CONNECTED_H

#include "family.h"

/// `output[m][n] = clamp(bias[n] + sum over k of weights[n][k] * input[m][k])`.
typedef struct ferry_f32_fully_connected_args {
  const float *input;         // [rows][inputs]
  size_t input_row_stride;    // floats
  const float *weights;       // panels of depth `inputs`
  float *output;              // [rows][outputs]
  size_t output_row_stride;   // floats
  size_t rows, inputs, outputs;
  float lower, upper;
} ferry_f32_fully_connected_args;

FERRY_DECLARE_FAMILY(f32_fully_connected)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/f32_fully_connected.inc"
#undef FERRY_KERNEL

#endif
