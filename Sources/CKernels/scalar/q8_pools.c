// Pools of counts, up to a few dozen channels of a window at a time.
#include "../counts/rescale.h"
#include "scalar.h"

enum { lanes = 64 };

typedef struct window_counts {
  size_t inside, padded;
} window_counts;

/// What a window's counts are brought together by.
typedef enum gathering { sum, maximum, minimum } gathering;

/// The sums (or the extrema) of channels `c ..< c + count` of one window, and how many positions it has.
static inline __attribute__((always_inline)) window_counts window(const ferry_q8_pool_args *a, size_t y, size_t x,
                                                                  size_t c, size_t count, int32_t *results,
                                                                  gathering how, int is_wide) {
  window_counts counts = {0, 0};
  for (size_t i = 0; i < count; ++i) results[i] = how == maximum ? INT16_MIN : how == minimum ? INT16_MAX : 0;
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
      const size_t first = ((iy - a->window.padding_top) * a->input_width + ix - a->window.padding_left) * a->channels + c;
      const uint8_t *bytes = (const uint8_t *)a->input + first;
      const int16_t *halves = (const int16_t *)a->input + first;
      for (size_t i = 0; i < count; ++i) {
        const int32_t value = is_wide ? halves[i] : (int8_t)(bytes[i] ^ a->reading.flip), held = results[i];
        if (how == sum) results[i] = (int32_t)((uint32_t)held + (uint32_t)value);
        if (how == maximum) results[i] = value > held ? value : held;
        if (how == minimum) results[i] = value < held ? value : held;
      }
    }
  }
  return counts;
}

/// `result` from the channel's sum or extremum of signed counts, `n`, and `bias`, which makes them those of the type.
#define FERRY_Q8_POOL(name, type, how, result)                                  \
  void ferry_q8_pool_##name##__scalar(const ferry_q8_pool_args *a) {            \
    const int32_t bias = a->reading.flip;                                       \
    (void)bias;                                                                 \
    for (size_t y = a->output_row_begin; y < a->output_row_end; ++y) {          \
      for (size_t x = 0; x < a->output_width; ++x) {                            \
        for (size_t c = 0; c < a->channels; c += lanes) {                       \
          int32_t found[lanes];                                                 \
          const size_t count = ferry_minimum_size(lanes, a->channels - c);      \
          const window_counts n = window(a, y, x, c, count, found, how, sizeof(type) == 2); \
          (void)n;                                                              \
          type *output = (type *)a->output + (y * a->output_width + x) * a->channels + c; \
          for (size_t i = 0; i < count; ++i) output[i] = (type)(result);     \
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

#define LIMITED(count) ferry_clamped(count, a->rescaling.lower, a->rescaling.upper)
#define AVERAGE LIMITED(rounded_quotient(found[i] + bias * (int32_t)n.inside, (int32_t)n.inside))

FERRY_Q8_POOL(maximum, uint8_t, maximum, LIMITED(found[i] + bias))
FERRY_Q8_POOL(minimum, uint8_t, minimum, LIMITED(found[i] + bias))
FERRY_Q8_POOL(average, uint8_t, sum, AVERAGE)
FERRY_Q8_POOL(real_average, uint8_t, sum, real_average(a, found[i], n))
FERRY_Q8_POOL(wide_maximum, int16_t, maximum, LIMITED(found[i]))
FERRY_Q8_POOL(wide_minimum, int16_t, minimum, LIMITED(found[i]))
FERRY_Q8_POOL(wide_average, int16_t, sum, LIMITED(rounded_quotient(found[i], (int32_t)n.inside)))
