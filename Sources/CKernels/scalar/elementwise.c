// Elementwise operations, one element at a time; the formulas are those of the enumerations' comments.
#include <math.h>

#include "scalar.h"

static size_t step(ferry_operand_mode mode, size_t i) {
  return mode == ferry_operand_run ? i : mode == ferry_operand_lanes ? i % 8 : 0;
}

#define FERRY_BINARY(name, expression)                                       \
  void ferry_f32_binary_##name##__scalar(const ferry_f32_binary_args *args) { \
    for (size_t i = 0; i < args->count; ++i) {                               \
      const float a = args->left[step(args->left_mode, i)];                  \
      const float b = args->right[step(args->right_mode, i)];                \
      args->output[i] = ferry_clamp((expression), args->lower, args->upper); \
    }                                                                        \
  }

FERRY_BINARY(add, a + b)
FERRY_BINARY(subtract, a - b)
FERRY_BINARY(multiply, a * b)
FERRY_BINARY(divide, a / b)
FERRY_BINARY(minimum, a != a || a < b ? a : b)
FERRY_BINARY(maximum, a != a || a > b ? a : b)
FERRY_BINARY(power, powf(a, b))
FERRY_BINARY(squared_difference, (a - b) * (a - b))
FERRY_BINARY(prelu, a > 0 ? a : a * b)

#define FERRY_UNARY(name, expression)                                        \
  void ferry_f32_unary_##name##__scalar(const ferry_f32_unary_args *args) {   \
    const float alpha = args->alpha, beta = args->beta;                      \
    (void)alpha, (void)beta;                                                 \
    for (size_t i = 0; i < args->count; ++i) {                               \
      const float x = args->input[i];                                        \
      args->output[i] = ferry_clamp((expression), args->lower, args->upper); \
    }                                                                        \
  }

static float sigmoid(float x) {
  if (x >= 0) return 1 / (1 + expf(-x));
  const float e = expf(x);
  return e / (1 + e);
}

static float softplus(float x) { return x > 0 ? x + log1pf(expf(-x)) : log1pf(expf(x)); }

FERRY_UNARY(clamp, x)
FERRY_UNARY(absolute, fabsf(x))
FERRY_UNARY(negate, -x)
FERRY_UNARY(square, x * x)
FERRY_UNARY(square_root, sqrtf(x))
FERRY_UNARY(reciprocal_square_root, 1 / sqrtf(x))
FERRY_UNARY(reciprocal, 1 / x)
FERRY_UNARY(exponential, expf(x))
FERRY_UNARY(logarithm, logf(x))
FERRY_UNARY(sigmoid, sigmoid(x))
FERRY_UNARY(hyperbolic_tangent, tanhf(x))
FERRY_UNARY(error_function, erff(x))
FERRY_UNARY(softplus, softplus(x))
FERRY_UNARY(swish, x * sigmoid(x))
FERRY_UNARY(hard_sigmoid, ferry_clamp(alpha * x + beta, 0, 1))
FERRY_UNARY(hard_swish, x * ferry_clamp(alpha * x + beta, 0, 1))
FERRY_UNARY(leaky_relu, x > 0 ? x : alpha * x)
FERRY_UNARY(elu, x > 0 ? x : alpha * expm1f(x))
FERRY_UNARY(selu, beta * (x > 0 ? x : alpha * expm1f(x)))
FERRY_UNARY(gelu, 0.5f * x * (1 + erff(x * 0.70710678118654752f)))
FERRY_UNARY(gelu_tanh, 0.5f * x * (1 + tanhf(0.79788456080286536f * (x + 0.044715f * x * x * x))))
FERRY_UNARY(floor, floorf(x))
FERRY_UNARY(ceiling, ceilf(x))
FERRY_UNARY(round_to_even, rintf(x))
FERRY_UNARY(sine, sinf(x))
FERRY_UNARY(cosine, cosf(x))
FERRY_UNARY(softsign, x / (1 + fabsf(x)))
FERRY_UNARY(mish, x * tanhf(softplus(x)))
FERRY_UNARY(sign, x > 0 ? 1 : x < 0 ? -1 : x)
FERRY_UNARY(thresholded_relu, x <= alpha ? 0 : x)
