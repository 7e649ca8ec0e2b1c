// Softmax, arg-extremum and resizing of 8-bit counts.
#include <math.h>
#include <string.h>

#include "../counts/rescale.h"
#include "scalar.h"

/// 1 / (1 + x) for 0 <= x < 1, all without integer bits: three steps of Newton's method for 1 / ((1 + x) / 2), which has two
/// integer bits, from 48/17 - 32/17 * (1 + x) / 2. Source: gemmlowp, fixedpoint/fixedpoint.h.
static int32_t reciprocal_of_one_plus(int32_t x) {
  const int32_t half = (int32_t)(((int64_t)x + INT32_MAX + 1) / 2);
  int32_t y = 1515870810 + ferry_fixed_product(half, -1010580540);
  for (int i = 0; i < 3; ++i) {
    const int32_t rest = (1 << 29) - ferry_fixed_product(half, y);
    y += ferry_shifted_left(ferry_fixed_product(y, rest), 2);
  }
  return ferry_shifted_left(y, 1);
}

void ferry_q8_softmax_fixed__scalar(const ferry_q8_softmax_args *a) {
  for (size_t row = 0; row < a->rows; ++row) {
    const uint8_t *input = a->input + row * a->columns;
    uint8_t *output = a->output + row * a->columns;
    int32_t maximum = -128;
    for (size_t i = 0; i < a->columns; ++i) {
      const int32_t count = (int8_t)(input[i] ^ a->flip);
      maximum = count > maximum ? count : maximum;
    }
    // With twelve integer bits.
    uint32_t sum = 0;
    for (size_t i = 0; i < a->columns; ++i) {
      const int32_t distance = maximum - (int8_t)(input[i] ^ a->flip);
      if (distance <= a->reach) sum += (uint32_t)ferry_fixed_quotient(a->terms[distance], 12);
    }
    // sum = 2^(12 - headroom) * (1 + fraction)
    const int32_t headroom = sum ? __builtin_clz(sum) : 32;
    const int32_t fraction = (int32_t)((headroom < 32 ? sum << headroom : 0) - ((uint32_t)1 << 31));
    const int32_t scale = reciprocal_of_one_plus(fraction), shift = 12 - headroom + 31 - 8;
    for (size_t i = 0; i < a->columns; ++i) {
      const int32_t distance = maximum - (int8_t)(input[i] ^ a->flip);
      int32_t share = 0;
      // A share of 2^-32 and less is none.
      if (distance <= a->reach && shift < 32) share = ferry_fixed_quotient(ferry_fixed_product(scale, a->terms[distance]), shift);
      output[i] = (uint8_t)ferry_clamped(share + a->lower, a->lower, a->upper);
    }
  }
}

void ferry_q8_softmax_real__scalar(const ferry_q8_softmax_args *a) {
  const ferry_rescaling range = {.zero_point = a->zero_point, .lower = a->lower, .upper = a->upper};
  const double beta = (double)a->beta;
  for (size_t row = 0; row < a->rows; ++row) {
    const uint8_t *input = a->input + row * a->columns;
    uint8_t *output = a->output + row * a->columns;
    double largest = -INFINITY, sum = 0;
    for (size_t i = 0; i < a->columns; ++i) {
      const double x = beta * (double)a->values[input[i]];
      largest = x > largest ? x : largest;
    }
    for (size_t i = 0; i < a->columns; ++i) sum += exp(beta * (double)a->values[input[i]] - largest);
    for (size_t i = 0; i < a->columns; ++i) {
      const float share = (float)(exp(beta * (double)a->values[input[i]] - largest) / sum);
      output[i] = (uint8_t)ferry_quantized(share, a->scale, &range);
    }
  }
}

static void arg(const ferry_q8_arg_args *a, uint8_t flip) {
  for (size_t o = 0; o < a->outer; ++o) {
    for (size_t i = 0; i < a->inner; ++i) {
      const uint8_t *line = a->input + o * a->extent * a->inner + i;
      size_t best = 0;
      for (size_t k = 1; k < a->extent; ++k) {
        const int8_t value = (int8_t)(line[k * a->inner] ^ flip), held = (int8_t)(line[best * a->inner] ^ flip);
        if (value > held || (value == held && a->takes_last)) best = k;
      }
      if (a->wide) {
        a->wide[o * a->inner + i] = (int64_t)best;
      } else {
        a->narrow[o * a->inner + i] = (int32_t)best;
      }
    }
  }
}

void ferry_q8_arg_maximum__scalar(const ferry_q8_arg_args *a) { arg(a, a->flip); }

/// With every bit but the sign turned as well, the order is the other way round.
void ferry_q8_arg_minimum__scalar(const ferry_q8_arg_args *a) { arg(a, a->flip ^ 0xFF); }

void ferry_q8_resize_nearest__scalar(const ferry_q8_resize_args *a) {
  for (size_t y = a->output_row_begin; y < a->output_row_end; ++y) {
    const uint8_t *row = (const uint8_t *)a->input + a->rows[y].first * a->input_width * a->channels;
    uint8_t *output = (uint8_t *)a->output + y * a->output_width * a->channels;
    for (size_t x = 0; x < a->output_width; ++x, output += a->channels) {
      memcpy(output, row + a->columns[x].first * a->channels, a->channels);
    }
  }
}

/// `result` from the counts p, q (second column), r (second row), s (both), read as `type`.
#define FERRY_Q8_BILINEAR(name, type, result)                                   \
  void ferry_q8_resize_##name##__scalar(const ferry_q8_resize_args *a) {        \
    for (size_t y = a->output_row_begin; y < a->output_row_end; ++y) {          \
      const ferry_q8_resize_tap v = a->rows[y];                                 \
      const type *above = (const type *)a->input + v.first * a->input_width * a->channels; \
      const type *below = (const type *)a->input + v.second * a->input_width * a->channels; \
      type *output = (type *)a->output + y * a->output_width * a->channels;     \
      for (size_t x = 0; x < a->output_width; ++x) {                            \
        const ferry_q8_resize_tap h = a->columns[x];                            \
        const size_t first = h.first * a->channels, second = h.second * a->channels; \
        for (size_t c = 0; c < a->channels; ++c, ++output) {                    \
          const type p = above[first + c], q = above[second + c];               \
          const type r = below[first + c], s = below[second + c];               \
          *output = (type)(result);                                             \
        }                                                                       \
      }                                                                         \
    }                                                                           \
  }

static int32_t rounded_mean(int64_t sum) { return (int32_t)((sum + (sum > 0 ? 1 << 19 : -(1 << 19))) / (1 << 20)); }

static float real_mean(float p, float q, float r, float s, float v, float h) {
#pragma clang fp contract(off)
  return p * (1 - v) * (1 - h) + r * v * (1 - h) + q * (1 - v) * h + s * v * h;
}

#define FIXED_MEAN                                                              \
  rounded_mean((int64_t)p * ((1024 - v.steps) * (1024 - h.steps)) + (int64_t)r * (v.steps * (1024 - h.steps)) + \
               (int64_t)q * ((1024 - v.steps) * h.steps) + (int64_t)s * (v.steps * h.steps))

FERRY_Q8_BILINEAR(fixed, int8_t, FIXED_MEAN)
FERRY_Q8_BILINEAR(wide_fixed, int16_t, FIXED_MEAN)
FERRY_Q8_BILINEAR(real, uint8_t,
                  (int32_t)(real_mean((float)p, (float)q, (float)r, (float)s, v.fraction, h.fraction) + 0.5f))
