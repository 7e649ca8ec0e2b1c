// What the AVX2 kernels share. Include it after every other header: from here to the end of the file each function is
// compiled for AVX2 and FMA (a file ends with the matching pop).
#ifndef FERRY_AVX2_H
#define FERRY_AVX2_H

#include <immintrin.h>

#include "CKernels.h"

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define FERRY_INLINE static inline __attribute__((always_inline))
#define FERRY_UNROLL _Pragma("clang loop unroll(full)")

/// The bounds stand first: the instruction answers its second operand when either is NaN.
FERRY_INLINE __m256 ferry_clamp8(__m256 x, __m256 lower, __m256 upper) {
  return _mm256_min_ps(upper, _mm256_max_ps(lower, x));
}

/// All lanes below `count` (1...8) set.
FERRY_INLINE __m256i ferry_tail_mask(size_t count) {
  const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), lanes);
}

/// e^x within 2 ulp: x = n ln 2 + r, the Taylor polynomial of degree 7 in r, scaled twice so that results
/// up to the largest float and down through the denormals are reached. NaN passes.
FERRY_INLINE __m256 ferry_exp8(__m256 x) {
  const __m256 high = _mm256_set1_ps(89.0f), low = _mm256_set1_ps(-104.0f);
  const __m256 bounded = _mm256_min_ps(high, _mm256_max_ps(low, x));
  const __m256 n = _mm256_round_ps(_mm256_mul_ps(bounded, _mm256_set1_ps(1.44269504088896341f)),
                                   _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  __m256 r = _mm256_fnmadd_ps(n, _mm256_set1_ps(0.693359375f), bounded);
  r = _mm256_fnmadd_ps(n, _mm256_set1_ps(-2.12194440e-4f), r);
  __m256 p = _mm256_set1_ps(1.0f / 5040);
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1.0f / 720));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1.0f / 120));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1.0f / 24));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1.0f / 6));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(0.5f));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1.0f));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1.0f));
  const __m256i exponent = _mm256_cvtps_epi32(n);
  const __m256i half = _mm256_srai_epi32(exponent, 1);
  const __m256i rest = _mm256_sub_epi32(exponent, half);
  const __m256i one = _mm256_set1_epi32(127);
  const __m256 first = _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(half, one), 23));
  const __m256 second = _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(rest, one), 23));
  return _mm256_mul_ps(_mm256_mul_ps(p, first), second);
}

/// 1 / (1 + e^-x), from e^-|x| so that nothing overflows.
FERRY_INLINE __m256 ferry_sigmoid8(__m256 x) {
  const __m256 sign = _mm256_set1_ps(-0.0f), one = _mm256_set1_ps(1.0f);
  const __m256 e = ferry_exp8(_mm256_or_ps(x, sign));
  const __m256 numerator = _mm256_blendv_ps(one, e, x);
  return _mm256_div_ps(numerator, _mm256_add_ps(one, e));
}

#endif
