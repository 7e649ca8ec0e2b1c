// Elementwise operations, eight at a time; a short last run goes through a copy of eight.
#if defined(__x86_64__)
#include "avx2.h"

/// An operand as a pointer and the distance to the next eight elements: zero where the same eight serve all.
typedef struct operand {
  const float *next;
  size_t step;
} operand;

FERRY_INLINE operand spread(const float *base, ferry_operand_mode mode, float lanes[8]) {
  if (mode == ferry_operand_run) return (operand){base, 8};
  for (size_t i = 0; i < 8; ++i) lanes[i] = base[mode == ferry_operand_lanes ? i : 0];
  return (operand){lanes, 0};
}

#define FERRY_BINARY(name, expression)                                          \
  void ferry_f32_binary_##name##__avx2(const ferry_f32_binary_args *args) {      \
    const __m256 lower = _mm256_set1_ps(args->lower), upper = _mm256_set1_ps(args->upper); \
    float left_lanes[8], right_lanes[8];                                        \
    operand left = spread(args->left, args->left_mode, left_lanes);             \
    operand right = spread(args->right, args->right_mode, right_lanes);         \
    size_t i = 0;                                                               \
    for (; i + 8 <= args->count; i += 8, left.next += left.step, right.next += right.step) { \
      const __m256 a = _mm256_loadu_ps(left.next), b = _mm256_loadu_ps(right.next); \
      _mm256_storeu_ps(args->output + i, ferry_clamp8((expression), lower, upper)); \
    }                                                                           \
    if (i < args->count) {                                                      \
      const __m256i mask = ferry_tail_mask(args->count - i);                    \
      const __m256 a = _mm256_maskload_ps(left.next, mask), b = _mm256_maskload_ps(right.next, mask); \
      _mm256_maskstore_ps(args->output + i, mask, ferry_clamp8((expression), lower, upper)); \
    }                                                                           \
  }

/// The first operand where it is NaN, else what the instruction answers, which is the second where that is NaN.
#define FERRY_NAN_FIRST(instruction) \
  _mm256_blendv_ps(instruction(a, b), a, _mm256_cmp_ps(a, a, _CMP_UNORD_Q))

FERRY_BINARY(add, _mm256_add_ps(a, b))
FERRY_BINARY(subtract, _mm256_sub_ps(a, b))
FERRY_BINARY(multiply, _mm256_mul_ps(a, b))
FERRY_BINARY(divide, _mm256_div_ps(a, b))
FERRY_BINARY(minimum, FERRY_NAN_FIRST(_mm256_min_ps))
FERRY_BINARY(maximum, FERRY_NAN_FIRST(_mm256_max_ps))
FERRY_BINARY(squared_difference, _mm256_mul_ps(_mm256_sub_ps(a, b), _mm256_sub_ps(a, b)))
FERRY_BINARY(prelu, _mm256_blendv_ps(_mm256_mul_ps(a, b), a, _mm256_cmp_ps(a, _mm256_setzero_ps(), _CMP_GT_OQ)))

#define FERRY_UNARY(name, expression)                                           \
  void ferry_f32_unary_##name##__avx2(const ferry_f32_unary_args *args) {        \
    const __m256 lower = _mm256_set1_ps(args->lower), upper = _mm256_set1_ps(args->upper); \
    const __m256 alpha = _mm256_set1_ps(args->alpha), beta = _mm256_set1_ps(args->beta); \
    const __m256 zero = _mm256_setzero_ps(), one = _mm256_set1_ps(1), sign = _mm256_set1_ps(-0.0f); \
    (void)alpha, (void)beta, (void)zero, (void)one, (void)sign;                 \
    size_t i = 0;                                                               \
    for (; i + 8 <= args->count; i += 8) {                                      \
      const __m256 x = _mm256_loadu_ps(args->input + i);                        \
      _mm256_storeu_ps(args->output + i, ferry_clamp8((expression), lower, upper)); \
    }                                                                           \
    if (i < args->count) {                                                      \
      const __m256i mask = ferry_tail_mask(args->count - i);                    \
      const __m256 x = _mm256_maskload_ps(args->input + i, mask);               \
      _mm256_maskstore_ps(args->output + i, mask, ferry_clamp8((expression), lower, upper)); \
    }                                                                           \
  }

FERRY_UNARY(clamp, x)
FERRY_UNARY(absolute, _mm256_andnot_ps(sign, x))
FERRY_UNARY(negate, _mm256_xor_ps(sign, x))
FERRY_UNARY(square, _mm256_mul_ps(x, x))
FERRY_UNARY(square_root, _mm256_sqrt_ps(x))
FERRY_UNARY(reciprocal_square_root, _mm256_div_ps(one, _mm256_sqrt_ps(x)))
FERRY_UNARY(reciprocal, _mm256_div_ps(one, x))
FERRY_UNARY(exponential, ferry_exp8(x))
FERRY_UNARY(sigmoid, ferry_sigmoid8(x))
FERRY_UNARY(swish, _mm256_mul_ps(x, ferry_sigmoid8(x)))
FERRY_UNARY(hard_sigmoid, ferry_clamp8(_mm256_fmadd_ps(alpha, x, beta), zero, one))
FERRY_UNARY(hard_swish, _mm256_mul_ps(x, ferry_clamp8(_mm256_fmadd_ps(alpha, x, beta), zero, one)))
FERRY_UNARY(leaky_relu, _mm256_blendv_ps(_mm256_mul_ps(alpha, x), x, _mm256_cmp_ps(x, zero, _CMP_GT_OQ)))
FERRY_UNARY(floor, _mm256_floor_ps(x))
FERRY_UNARY(ceiling, _mm256_ceil_ps(x))
FERRY_UNARY(round_to_even, _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC))

#pragma clang attribute pop
#endif
