// Products of two matrices of 8-bit counts that are both computed while running, or come in batches.
#ifndef FERRY_Q8_MATMUL_H
#define FERRY_Q8_MATMUL_H

#include "rescaling.h"

/// `sum[m][n] = sum over k of (left[m][k] - zero point) * (right[k][n] - zero point of n)`, modulo 2^32, rescaled to `output`
/// or, where that is null, stored in `sums`. Strides count bytes.
typedef struct ferry_q8_matmul_args {
  const uint8_t *left, *right;
  size_t rows, depth, columns;
  size_t left_row_stride, left_depth_stride;
  size_t right_depth_stride, right_column_stride;
  ferry_count_reading left_reading;
  uint8_t right_flip;
  const uint8_t *right_zero_points;  // as the counts lie: one, or [columns] where the step is 1
  size_t right_zero_point_step;
  uint8_t *output;                   // [rows][columns]; or null
  int32_t *sums;                     // likewise
  ferry_rescaling rescaling;         // a channel is a column
} ferry_q8_matmul_args;

FERRY_DECLARE_FAMILY(q8_matmul)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/q8_matmul.inc"
#undef FERRY_KERNEL

#endif
