// Functions of two 8-bit counts: looked up one by one, computed eight at a time.
#if defined(__x86_64__)
#include <string.h>

#include "avx2.h"

#include "../x86/rescale8.h"

/// What eight bytes of a run, or the one of a scalar, stand for.
FERRY_INLINE __m256i looked_up8(const uint8_t *bytes, ferry_operand_mode mode, const void *table) {
  const int32_t *words = table;
  if (mode != ferry_operand_run) return _mm256_set1_epi32(words[*bytes]);
  return _mm256_i32gather_epi32(words, _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)bytes)), 4);
}

/// The counts of eight real numbers: clamped, divided by the scale, rounded, ties to even; what is no number counts as zero.
FERRY_INLINE __m256i quantized8(const ferry_q8_binary_args *a, __m256 x) {
  const __m256 clamped = ferry_clamp8(x, _mm256_set1_ps(a->lower), _mm256_set1_ps(a->upper));
  __m256 steps = _mm256_div_ps(clamped, _mm256_set1_ps(a->scale));
  steps = _mm256_and_ps(steps, _mm256_cmp_ps(steps, steps, _CMP_ORD_Q));
  const ferry_rescaling *range = &a->rescaling;
  steps = _mm256_max_ps(steps, _mm256_set1_ps((float)(range->lower - range->zero_point)));
  steps = _mm256_min_ps(steps, _mm256_set1_ps((float)(range->upper - range->zero_point)));
  return _mm256_add_epi32(_mm256_cvtps_epi32(steps), _mm256_set1_epi32(range->zero_point));
}

FERRY_INLINE __m256i counts_sum(const ferry_q8_binary_args *a, __m256i l, __m256i r, __m256i multiplier, __m256i shift) {
  const __m256i steps = ferry_fixed_rescaled8(_mm256_add_epi32(l, r), multiplier, shift);
  return ferry_limited8(&a->rescaling, steps);
}

FERRY_INLINE __m256i counts_product(const ferry_q8_binary_args *a, __m256i l, __m256i r, __m256i multiplier,
                                    __m256i shift) {
  const __m256i steps = ferry_fixed_rescaled8(_mm256_mullo_epi32(l, r), multiplier, shift);
  return ferry_limited8(&a->rescaling, steps);
}

FERRY_INLINE __m256i counts_real_sum(const ferry_q8_binary_args *a, __m256i l, __m256i r, __m256i multiplier,
                                     __m256i shift) {
  (void)multiplier, (void)shift;
  return quantized8(a, _mm256_add_ps(_mm256_castsi256_ps(l), _mm256_castsi256_ps(r)));
}

FERRY_INLINE __m256i counts_real_product(const ferry_q8_binary_args *a, __m256i l, __m256i r, __m256i multiplier,
                                         __m256i shift) {
  (void)multiplier, (void)shift;
  return quantized8(a, _mm256_mul_ps(_mm256_castsi256_ps(l), _mm256_castsi256_ps(r)));
}

/// The last few elements go through a copy: no byte past a run is read or written.
#define FERRY_Q8_BINARY(name)                                                       \
  FERRY_INLINE __m128i name##16(const ferry_q8_binary_args *a, const uint8_t *left, const uint8_t *right) { \
    const int fixed = a->rescaling.rule == ferry_rescaling_fixed;                   \
    const __m256i multiplier = _mm256_set1_epi32(fixed ? a->rescaling.multipliers[0] : 0); \
    const __m256i shift = _mm256_set1_epi32(fixed ? a->rescaling.shifts[0] : 0);    \
    const size_t next_left = a->left_mode == ferry_operand_run ? 8 : 0;             \
    const size_t next_right = a->right_mode == ferry_operand_run ? 8 : 0;           \
    const __m256i low = counts_##name(a, looked_up8(left, a->left_mode, a->left_table), \
                                      looked_up8(right, a->right_mode, a->right_table), multiplier, shift); \
    const __m256i high = counts_##name(a, looked_up8(left + next_left, a->left_mode, a->left_table), \
                                       looked_up8(right + next_right, a->right_mode, a->right_table), multiplier, \
                                       shift);                                      \
    return ferry_bytes16(low, high);                                                \
  }                                                                                 \
  void ferry_q8_binary_##name##__avx2(const ferry_q8_binary_args *a) {              \
    const size_t left = a->left_mode == ferry_operand_run, right = a->right_mode == ferry_operand_run; \
    size_t i = 0;                                                                   \
    for (; i + 16 <= a->count; i += 16) {                                           \
      _mm_storeu_si128((__m128i *)(a->output + i), name##16(a, a->left + left * i, a->right + right * i)); \
    }                                                                               \
    if (i == a->count) return;                                                      \
    uint8_t l[16] = {0}, r[16] = {0}, result[16];                                   \
    memcpy(l, a->left + left * i, left ? a->count - i : 1);                         \
    memcpy(r, a->right + right * i, right ? a->count - i : 1);                      \
    _mm_storeu_si128((__m128i *)result, name##16(a, l, r));                         \
    memcpy(a->output + i, result, a->count - i);                                    \
  }

FERRY_Q8_BINARY(sum)
FERRY_Q8_BINARY(product)
FERRY_Q8_BINARY(real_sum)
FERRY_Q8_BINARY(real_product)

#pragma clang attribute pop
#endif
