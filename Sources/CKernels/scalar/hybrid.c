// Real activations with weights of counts, one element at a time.
#include <math.h>
#include <string.h>

#include "scalar.h"

#pragma clang fp contract(off)

/// `x` with one half more in float, cut towards zero, plus `zero_point`, limited; what is no number counts as zero.
static int8_t rounded(float x, int32_t zero_point, int32_t lower, int32_t upper) {
  float whole = truncf(x + (x < 0 ? -0.5f : 0.5f));
  // Beyond a few hundred steps only the side matters.
  whole = whole < -1024 ? -1024 : whole > 1024 ? 1024 : whole;
  const int32_t count = (whole != whole ? 0 : (int32_t)whole) + zero_point;
  return (int8_t)(count < lower ? lower : count > upper ? upper : count);
}

static ferry_row_parameters symmetric(const float *input, int8_t *output, size_t count) {
  float largest = 0;
  for (size_t i = 0; i < count; ++i) largest = fabsf(input[i]) >= largest ? fabsf(input[i]) : largest;
  if (!(largest > 0) || isinf(largest)) {
    memset(output, 0, count);
    return (ferry_row_parameters){1, 0};
  }
  const float inverse = 127 / largest;
  for (size_t i = 0; i < count; ++i) output[i] = rounded(input[i] * inverse, 0, -127, 127);
  return (ferry_row_parameters){largest / 127, 0};
}

static ferry_row_parameters asymmetric(const float *input, int8_t *output, size_t count) {
  float least = 0, most = 0;
  for (size_t i = 0; i < count; ++i) {
    least = input[i] < least ? input[i] : least;
    most = input[i] >= most ? input[i] : most;
  }
  const float range = most - least;
  if (!(range > 0) || isinf(range)) {
    memset(output, 0, count);
    return (ferry_row_parameters){1, 0};
  }
  const double scale = (double)range / 255, low = (double)least / scale, high = (double)most / scale;
  const double exact = round(128 + fabs(low) < 127 + fabs(high) ? -128 - low : 127 - high);
  const int32_t zero_point = (int32_t)(exact < -128 ? -128 : exact > 127 ? 127 : exact);
  const float inverse = 1 / (float)scale;
  for (size_t i = 0; i < count; ++i) output[i] = rounded(input[i] * inverse, zero_point, -128, 127);
  return (ferry_row_parameters){(float)scale, zero_point};
}

#define FERRY_QUANTIZE_ROWS(name)                                                   \
  void ferry_f32_quantize_rows_##name##__scalar(const ferry_f32_quantize_rows_args *a) { \
    for (size_t row = 0; row < a->rows; ++row) {                                    \
      a->parameters[row] = name(a->input + row * a->columns, a->output + row * a->columns, a->columns); \
    }                                                                               \
  }

FERRY_QUANTIZE_ROWS(symmetric)
FERRY_QUANTIZE_ROWS(asymmetric)

void ferry_q8_reals_1x1__scalar(const ferry_q8_reals_args *a) {
  for (size_t i = 0; i < a->rows * a->columns; ++i) {
    const int32_t *sums = a->sums + i * a->channels;
    float *output = a->output + i * a->channels;
    const float row_scale = a->parameters[i / a->columns].scale;
    for (size_t c = 0; c < a->channels; ++c) {
      float value = (float)sums[c] * (a->scales[c] * row_scale);
      if (a->bias) value += a->bias[c];
      output[c] = ferry_clamp(value, a->lower, a->upper);
    }
  }
}
