// 16-bit counts, one output at a time.
#include "../counts/rescale.h"
#include "scalar.h"

static int32_t narrow(const ferry_q16_convolution_args *a, int64_t sum, size_t o) {
  const ferry_rescaling *r = &a->rescaling;
  return ferry_fixed_rescaled((int32_t)(uint32_t)(uint64_t)sum, r->multipliers[o], r->shifts[o]);
}

static int32_t wide(const ferry_q16_convolution_args *a, int64_t sum, size_t o) {
  const ferry_rescaling *r = &a->rescaling;
  const int32_t multiplier = r->multipliers[o], right = 15 - r->shifts[o];
  const int64_t reduced = multiplier < 0x7FFF0000 ? (multiplier + (1 << 15)) >> 16 : 0x7FFF;
  const uint64_t product = (uint64_t)sum * (uint64_t)reduced + ((uint64_t)1 << (right - 1));
  return (int32_t)(uint32_t)((int64_t)product >> right);
}

static int32_t real(const ferry_q16_convolution_args *a, int64_t sum, size_t o) {
  return ferry_float64_steps((double)sum * a->rescaling.wide_factors[o]);
}

/// The sum of one output channel of one pixel.
static int64_t sum_of_products(const ferry_q16_convolution_args *a, size_t y, size_t x, size_t o) {
  const int8_t *weights = a->weights + o * a->window.kernel_height * a->window.kernel_width * a->group_inputs;
  const size_t first = o / a->group_outputs * a->group_inputs;
  int64_t sum = a->bias[o];
  for (size_t r = 0; r < a->window.kernel_height; ++r) {
    const size_t iy = y * a->window.stride_y + r * a->window.dilation_y;
    if (iy < a->window.padding_top || iy - a->window.padding_top >= a->input_height) continue;
    for (size_t s = 0; s < a->window.kernel_width; ++s) {
      const size_t ix = x * a->window.stride_x + s * a->window.dilation_x;
      if (ix < a->window.padding_left || ix - a->window.padding_left >= a->input_width) continue;
      const size_t pixel = (iy - a->window.padding_top) * a->input_width + ix - a->window.padding_left;
      const int16_t *input = a->input + pixel * a->input_channels + first;
      const int8_t *tap = weights + (r * a->window.kernel_width + s) * a->group_inputs;
      for (size_t k = 0; k < a->group_inputs; ++k) sum += input[k] * tap[k];
    }
  }
  return sum;
}

#define FERRY_Q16_CONVOLUTION(name)                                                  \
  void ferry_q16_convolution_##name##__scalar(const ferry_q16_convolution_args *a) { \
    for (size_t y = a->output_row_begin; y < a->output_row_end; ++y) {               \
      for (size_t x = 0; x < a->output_width; ++x) {                                 \
        int16_t *output = a->output + (y * a->output_width + x) * a->outputs;        \
        for (size_t o = 0; o < a->outputs; ++o) {                                    \
          const int32_t steps = name(a, sum_of_products(a, y, x, o), o); \
          output[o] = (int16_t)ferry_clamped(steps, a->rescaling.lower, a->rescaling.upper); \
        }                                                                            \
      }                                                                              \
    }                                                                                \
  }

FERRY_Q16_CONVOLUTION(narrow)
FERRY_Q16_CONVOLUTION(wide)
FERRY_Q16_CONVOLUTION(real)

static int32_t scaled(int32_t x, ferry_fixed_factor factor) {
  return ferry_fixed_rescaled(x, factor.multiplier, factor.shift);
}

/// `result` from the operands l and r.
#define FERRY_Q16_BINARY(name, result)                                         \
  void ferry_q16_binary_##name##__scalar(const ferry_q16_binary_args *a) {     \
    for (size_t i = 0; i < a->count; ++i) {                                    \
      const int32_t l = a->left[i * a->left_step], r = a->right[i * a->right_step]; \
      a->output[i] = (int16_t)ferry_clamped((int32_t)(result), a->lower, a->upper); \
    }                                                                          \
  }

#define RAISED(operand, factor) (uint32_t)scaled(operand * (1 << 15), a->factor)

FERRY_Q16_BINARY(sum, scaled((int32_t)(RAISED(l, left_factor) + RAISED(r, right_factor)), a->output_factor))
FERRY_Q16_BINARY(difference, scaled((int32_t)(RAISED(l, left_factor) - RAISED(r, right_factor)), a->output_factor))
FERRY_Q16_BINARY(product, scaled((int32_t)((uint32_t)l * (uint32_t)r), a->output_factor))
FERRY_Q16_BINARY(maximum, l > r ? l : r)
FERRY_Q16_BINARY(minimum, l < r ? l : r)

/// The value at `x`, -32768 ... 32767, on the line between two points of a table.
static int32_t looked_up(int32_t x, const int32_t *table) {
  const int32_t *point = table + 256 + (x >> 7);
  return point[0] + (((point[1] - point[0]) * (x & 0x7F) + 64) >> 7);
}

void ferry_q16_softmax_1x1__scalar(const ferry_q16_softmax_args *a) {
  for (size_t row = 0; row < a->rows; ++row) {
    const int16_t *input = a->input + row * a->columns;
    int16_t *output = a->output + row * a->columns;
    int32_t largest = INT16_MIN;
    for (size_t i = 0; i < a->columns; ++i) largest = input[i] > largest ? input[i] : largest;
    // Terms of 15 bits behind the point, which the output can hold.
    int32_t sum = 0;
    for (size_t i = 0; i < a->columns; ++i) {
      const int32_t position = (int32_t)((uint32_t)scaled(input[i] - largest, a->factor) + 32767u);
      output[i] = (int16_t)looked_up(ferry_clamped(position, -32768, 32767), a->exponentials);
      sum += output[i];
    }
    const int32_t headroom = sum > 0 ? __builtin_clz((uint32_t)sum) : 31;
    const int64_t fraction = (((int64_t)sum << (headroom - 1)) + (1 << 13)) >> 14;
    const int64_t position = fraction - (1 << 15) - (1 << 16);
    const int32_t limited = (int32_t)(position < -32768 ? -32768 : position > 32767 ? 32767 : position);
    const int64_t scale = looked_up(limited, a->reciprocals);
    const int32_t shift = 31 - headroom;
    for (size_t i = 0; i < a->columns; ++i) {
      const int64_t rounding = shift > 0 ? (int64_t)1 << (shift - 1) : 0;
      output[i] = (int16_t)ferry_clamped((int32_t)((output[i] * scale + rounding) >> shift), 0, 32767);
    }
  }
}
