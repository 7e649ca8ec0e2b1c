// What the scalar kernels share.
#ifndef FERRY_SCALAR_H
#define FERRY_SCALAR_H

#include "CKernels.h"

/// NaN compares false and passes.
static inline float ferry_clamp(float x, float lower, float upper) {
  x = x < lower ? lower : x;
  return x > upper ? upper : x;
}

static inline size_t ferry_minimum_size(size_t a, size_t b) { return a < b ? a : b; }

#endif
