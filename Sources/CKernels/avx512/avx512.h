// What the AVX-512 kernels share. Include it after every other header: from here to the end of the file each function is
// compiled for AVX-512 (F, VL, DQ, BW) and FMA; a file ends with the matching pop.
#ifndef FERRY_AVX512_H
#define FERRY_AVX512_H

#include <immintrin.h>

#include "CKernels.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,popcnt,avx512f,avx512vl,avx512dq,avx512bw"))), apply_to = function)

#define FERRY_INLINE static inline __attribute__((always_inline))
#define FERRY_UNROLL _Pragma("clang loop unroll(full)")

/// The bounds stand first: the instruction answers its second operand when either is NaN.
FERRY_INLINE __m256 ferry_clamp8(__m256 x, __m256 lower, __m256 upper) {
  return _mm256_min_ps(upper, _mm256_max_ps(lower, x));
}

FERRY_INLINE __m512 ferry_clamp16(__m512 x, __m512 lower, __m512 upper) {
  return _mm512_min_ps(upper, _mm512_max_ps(lower, x));
}

#endif
