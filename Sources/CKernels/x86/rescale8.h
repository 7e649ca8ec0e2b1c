// The rules of `ferry_rescaling`, eight sums at a time. Include it behind a set's own header.
#ifndef FERRY_RESCALE8_H
#define FERRY_RESCALE8_H

#include "../counts/rescale.h"

/// `ferry_fixed_rescaled` of eight channels.
FERRY_INLINE __m256i ferry_fixed_rescaled8(__m256i sum, __m256i multiplier, __m256i shift) {
  const __m256i zero = _mm256_setzero_si256(), nudge = _mm256_set1_epi64x(1 << 30);
  const __m256i x = _mm256_sllv_epi32(sum, _mm256_max_epi32(shift, zero));
  const __m256i right = _mm256_max_epi32(_mm256_sub_epi32(zero, shift), zero);
  const __m256i even = _mm256_add_epi64(_mm256_mul_epi32(x, multiplier), nudge);
  const __m256i odd =
      _mm256_add_epi64(_mm256_mul_epi32(_mm256_srli_epi64(x, 32), _mm256_srli_epi64(multiplier, 32)), nudge);
  // Bits 31 ... 62 of each product, the odd ones shifted to where they belong.
  const __m256i product = _mm256_blend_epi32(_mm256_srli_epi64(even, 31), _mm256_slli_epi64(odd, 1), 0xAA);
  const __m256i mask = _mm256_sub_epi32(_mm256_sllv_epi32(_mm256_set1_epi32(1), right), _mm256_set1_epi32(1));
  const __m256i threshold = _mm256_sub_epi32(_mm256_srli_epi32(mask, 1), _mm256_srai_epi32(product, 31));
  const __m256i remainder = _mm256_and_si256(product, mask);
  return _mm256_sub_epi32(_mm256_srav_epi32(product, right), _mm256_cmpgt_epi32(remainder, threshold));
}

/// The counts of eight numbers of steps.
FERRY_INLINE __m256i ferry_limited8(const ferry_rescaling *r, __m256i steps) {
  const __m256i count = _mm256_add_epi32(steps, _mm256_set1_epi32(r->zero_point));
  return _mm256_min_epi32(_mm256_max_epi32(count, _mm256_set1_epi32(r->lower)), _mm256_set1_epi32(r->upper));
}

/// The counts of the sums of channels `o ..< o + 8`.
FERRY_INLINE __m256i ferry_rescaled8(const ferry_rescaling *r, __m256i sum, size_t o) {
  if (r->rule == ferry_rescaling_fixed) {
    const __m256i multiplier = _mm256_loadu_si256((const __m256i *)(r->multipliers + o));
    return ferry_limited8(
        r, ferry_fixed_rescaled8(sum, multiplier, _mm256_loadu_si256((const __m256i *)(r->shifts + o))));
  }
  if (r->rule == ferry_rescaling_float64) {
    int32_t counts[8];
    _mm256_storeu_si256((__m256i *)counts, sum);
    for (size_t i = 0; i < 8; ++i) counts[i] = ferry_rescaled(r, counts[i], o + i);
    return _mm256_loadu_si256((const __m256i *)counts);
  }
  // Clamped before it is an integer: far beyond the range it would not fit one.
  __m256 steps = _mm256_mul_ps(_mm256_cvtepi32_ps(sum), _mm256_loadu_ps(r->factors + o));
  steps = _mm256_max_ps(steps, _mm256_set1_ps((float)(r->lower - r->zero_point)));
  steps = _mm256_min_ps(steps, _mm256_set1_ps((float)(r->upper - r->zero_point)));
  return _mm256_add_epi32(_mm256_cvtps_epi32(steps), _mm256_set1_epi32(r->zero_point));
}

/// The low bytes of sixteen counts in order.
FERRY_INLINE __m128i ferry_bytes16(__m256i low, __m256i high) {
  const __m256i mask = _mm256_set1_epi32(0xFF);
  const __m256i words = _mm256_permute4x64_epi64(
      _mm256_packus_epi32(_mm256_and_si256(low, mask), _mm256_and_si256(high, mask)), 0xD8);
  return _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
}

/// Stores what becomes of the sums of up to sixteen channels from `o` on.
FERRY_INLINE void ferry_store_sums(const ferry_rescaling *r, __m256i low, __m256i high, size_t o, size_t count,
                                   uint8_t *output, int32_t *sums) {
  if (output) {
    const __m128i bytes = ferry_bytes16(ferry_rescaled8(r, low, o), ferry_rescaled8(r, high, o + 8));
    if (count >= 16) {
      _mm_storeu_si128((__m128i *)output, bytes);
    } else {
      uint8_t whole[16];
      _mm_storeu_si128((__m128i *)whole, bytes);
      for (size_t i = 0; i < count; ++i) output[i] = whole[i];
    }
    return;
  }
  int32_t whole[16];
  _mm256_storeu_si256((__m256i *)whole, low);
  _mm256_storeu_si256((__m256i *)(whole + 8), high);
  memcpy(sums, whole, (count < 16 ? count : 16) * sizeof *sums);
}

#endif
