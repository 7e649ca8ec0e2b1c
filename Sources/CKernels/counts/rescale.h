// The rules of `ferry_rescaling`, one sum at a time.
#ifndef FERRY_RESCALE_H
#define FERRY_RESCALE_H

#include <math.h>

#include "CKernels.h"

/// The upper half of twice the product, rounded; a multiplier is not negative, so that nothing saturates.
static inline int32_t ferry_fixed_product(int32_t sum, int32_t multiplier) {
  return (int32_t)(((int64_t)sum * multiplier + (1 << 30)) >> 31);
}

/// Divided by a power of two, rounded, ties away from zero.
static inline int32_t ferry_fixed_quotient(int32_t x, int32_t exponent) {
  const int32_t mask = (int32_t)(((uint32_t)1 << exponent) - 1);
  return (x >> exponent) + ((x & mask) > (mask >> 1) + (x < 0));
}

static inline int32_t ferry_fixed_rescaled(int32_t sum, int32_t multiplier, int32_t shift) {
  const int32_t left = shift > 0 ? shift : 0, right = shift > 0 ? 0 : -shift;
  return ferry_fixed_quotient(ferry_fixed_product((int32_t)((uint32_t)sum << left), multiplier), right);
}

static inline int32_t ferry_clamped(int32_t count, int32_t lower, int32_t upper) {
  count = count < lower ? lower : count;
  return count > upper ? upper : count;
}

/// Times a power of two, the nearest end of the range where it does not fit.
static inline int32_t ferry_shifted_left(int32_t x, int32_t exponent) {
  const int64_t wide = (int64_t)x * ((int64_t)1 << exponent);
  return (int32_t)(wide < INT32_MIN ? INT32_MIN : wide > INT32_MAX ? INT32_MAX : wide);
}

/// The count of a number of steps, ties to even. It is clamped before it is an integer: far beyond the range it would not
/// fit one; what is no number counts as zero.
static inline int32_t ferry_real_steps(const ferry_rescaling *r, float steps) {
  const float low = (float)(r->lower - r->zero_point), high = (float)(r->upper - r->zero_point);
  steps = steps != steps ? 0 : rintf(steps);
  steps = steps < low ? low : steps;
  return (int32_t)(steps > high ? high : steps) + r->zero_point;
}

/// The count of a real number.
static inline int32_t ferry_quantized(float x, float scale, const ferry_rescaling *range) {
  return ferry_real_steps(range, x / scale);
}

/// The nearest int32, ties away from zero.
static inline int32_t ferry_float64_steps(double steps) {
  steps = round(steps);
  return (int32_t)(steps < INT32_MIN ? INT32_MIN : steps > INT32_MAX ? INT32_MAX : steps);
}

/// The count of a sum of output channel `o`.
static inline int32_t ferry_rescaled(const ferry_rescaling *r, int32_t sum, size_t o) {
  if (r->rule != ferry_rescaling_real) {
    const int32_t steps = r->rule == ferry_rescaling_fixed ? ferry_fixed_rescaled(sum, r->multipliers[o], r->shifts[o])
                                                           : ferry_float64_steps((double)sum * r->wide_factors[o]);
    return ferry_clamped((int32_t)((uint32_t)steps + (uint32_t)r->zero_point), r->lower, r->upper);
  }
  return ferry_real_steps(r, (float)sum * r->factors[o]);
}

#endif
