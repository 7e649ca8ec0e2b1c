// Elementwise operations on runs of floats.
#ifndef FERRY_ELEMENTWISE_H
#define FERRY_ELEMENTWISE_H

#include "family.h"

typedef enum ferry_binary_operation {
  ferry_binary_add,
  ferry_binary_subtract,
  ferry_binary_multiply,
  ferry_binary_divide,
  ferry_binary_minimum,
  ferry_binary_maximum,
  ferry_binary_power,
  ferry_binary_squared_difference,
  ferry_binary_prelu,  // left > 0 ? left : left * right
  ferry_binary_operation_count,
} ferry_binary_operation;

/// How an operand is spread over the run.
typedef enum ferry_operand_mode {
  ferry_operand_run,     // one element an output element
  ferry_operand_scalar,  // one element for all
  ferry_operand_lanes,   // eight elements, repeated
} ferry_operand_mode;

/// `output[i] = clamp(operation(left[i], right[i]))` for `count` elements. Output may be either operand's run.
typedef struct ferry_f32_binary_args {
  const float *left;
  const float *right;
  ferry_operand_mode left_mode, right_mode;
  float *output;
  size_t count;
  float lower, upper;
} ferry_f32_binary_args;

FERRY_DECLARE_FAMILY(f32_binary)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/f32_binary.inc"
#undef FERRY_KERNEL

typedef enum ferry_unary_operation {
  ferry_unary_clamp,         // to lower ... upper
  ferry_unary_absolute,
  ferry_unary_negate,
  ferry_unary_square,
  ferry_unary_square_root,
  ferry_unary_reciprocal_square_root,
  ferry_unary_reciprocal,
  ferry_unary_exponential,
  ferry_unary_logarithm,
  ferry_unary_sigmoid,
  ferry_unary_hyperbolic_tangent,
  ferry_unary_error_function,
  ferry_unary_softplus,      // log(1 + exp(x))
  ferry_unary_swish,         // x * sigmoid(x)
  ferry_unary_hard_sigmoid,  // clamp(alpha * x + beta, 0, 1)
  ferry_unary_hard_swish,    // x * clamp(alpha * x + beta, 0, 1)
  ferry_unary_leaky_relu,    // x > 0 ? x : alpha * x
  ferry_unary_elu,           // x > 0 ? x : alpha * (exp(x) - 1)
  ferry_unary_selu,          // beta * (x > 0 ? x : alpha * (exp(x) - 1))
  ferry_unary_gelu,          // x * (1 + erf(x / sqrt(2))) / 2
  ferry_unary_gelu_tanh,     // x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) / 2
  ferry_unary_floor,
  ferry_unary_ceiling,
  ferry_unary_round_to_even,
  ferry_unary_sine,
  ferry_unary_cosine,
  ferry_unary_softsign,      // x / (1 + |x|)
  ferry_unary_mish,          // x * tanh(log(1 + exp(x)))
  ferry_unary_sign,
  ferry_unary_thresholded_relu,  // x > alpha ? x : 0
  ferry_unary_operation_count,
} ferry_unary_operation;

/// `output[i] = clamp(operation(input[i]))` for `count` elements. Output may be the input.
typedef struct ferry_f32_unary_args {
  const float *input;
  float *output;
  size_t count;
  float alpha, beta;
  float lower, upper;
} ferry_f32_unary_args;

FERRY_DECLARE_FAMILY(f32_unary)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/f32_unary.inc"
#undef FERRY_KERNEL

#endif
