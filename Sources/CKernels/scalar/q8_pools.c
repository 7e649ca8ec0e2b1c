// Pools of 8-bit counts, up to a few dozen channels of a window at a time.
#include "../counts/rescale.h"
#include "scalar.h"

enum { lanes = 64 };

typedef struct window_counts {
  size_t inside, padded;
} window_counts;

/// The sums (or the maxima) of channels `c ..< c + count` of one window, and how many positions it has.
static inline __attribute__((always_inline)) window_counts window(const ferry_q8_pool_args *a, size_t y, size_t x,
                                                                  size_t c, size_t count, int32_t *results,
                                                                  int takes_maximum) {
  window_counts counts = {0, 0};
  for (size_t i = 0; i < count; ++i) results[i] = takes_maximum ? -128 : 0;
  for (size_t r = 0; r < a->window.kernel_height; ++r) {
    const size_t iy = y * a->window.stride_y + r * a->window.dilation_y;
    if (iy >= a->window.padding_top + a->input_height + a->padding_bottom) continue;
    const int in_rows = iy >= a->window.padding_top && iy - a->window.padding_top < a->input_height;
    for (size_t s = 0; s < a->window.kernel_width; ++s) {
      const size_t ix = x * a->window.stride_x + s * a->window.dilation_x;
      if (ix >= a->window.padding_left + a->input_width + a->padding_right) continue;
      counts.padded += 1;
      if (!in_rows || ix < a->window.padding_left || ix - a->window.padding_left >= a->input_width) continue;
      counts.inside += 1;
      const uint8_t *pixel =
          a->input + ((iy - a->window.padding_top) * a->input_width + ix - a->window.padding_left) * a->channels + c;
      for (size_t i = 0; i < count; ++i) {
        const int32_t value = (int8_t)(pixel[i] ^ a->reading.flip);
        results[i] = takes_maximum ? (value > results[i] ? value : results[i]) : results[i] + value;
      }
    }
  }
  return counts;
}

/// `result` from the channel's sum or maximum of signed counts, `n`, and `bias`, which makes them those of the type.
#define FERRY_Q8_POOL(name, takes_maximum, result)                              \
  void ferry_q8_pool_##name##__scalar(const ferry_q8_pool_args *a) {            \
    const int32_t bias = a->reading.flip;                                       \
    (void)bias;                                                                 \
    for (size_t y = a->output_row_begin; y < a->output_row_end; ++y) {          \
      for (size_t x = 0; x < a->output_width; ++x) {                            \
        for (size_t c = 0; c < a->channels; c += lanes) {                       \
          int32_t found[lanes];                                                 \
          const size_t count = ferry_minimum_size(lanes, a->channels - c);      \
          const window_counts n = window(a, y, x, c, count, found, takes_maximum); \
          (void)n;                                                              \
          uint8_t *output = a->output + (y * a->output_width + x) * a->channels + c; \
          for (size_t i = 0; i < count; ++i) output[i] = (uint8_t)(result);     \
        }                                                                       \
      }                                                                         \
    }                                                                           \
  }

static int32_t rounded_quotient(int32_t sum, int32_t count) {
  if (count == 0) return 0;
  return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
}

static int32_t real_average(const ferry_q8_pool_args *a, int32_t sum, window_counts n) {
  const double total = (double)sum - (double)n.inside * a->reading.zero_point;
  const size_t divisor = a->count_padding ? n.padded : n.inside;
  const float average = divisor ? (float)(total / (double)divisor) : 0;
  return ferry_real_steps(&a->rescaling, average * a->rescaling.factors[0]);
}

FERRY_Q8_POOL(maximum, 1, ferry_clamped(found[i] + bias, a->rescaling.lower, a->rescaling.upper))
FERRY_Q8_POOL(average, 0,
              ferry_clamped(rounded_quotient(found[i] + bias * (int32_t)n.inside, (int32_t)n.inside),
                            a->rescaling.lower, a->rescaling.upper))
FERRY_Q8_POOL(real_average, 0, real_average(a, found[i], n))
