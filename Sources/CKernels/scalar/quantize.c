// From real numbers to counts and back, one element at a time.
#include <math.h>

#include "scalar.h"

#define FERRY_QUANTIZE(name, function)                                          \
  void ferry_f32_quantize_##name##__scalar(const ferry_f32_quantize_args *a) {  \
    for (size_t i = 0; i < a->count; ++i) {                                     \
      const float steps = function(a->input[i] / a->scale);                     \
      double count = (steps != steps ? 0 : (double)steps) + a->zero_point;      \
      count = count < a->lower ? a->lower : count > a->upper ? a->upper : count; \
      if (a->width == 1) {                                                      \
        ((uint8_t *)a->output)[i] = (uint8_t)(int32_t)count;                    \
      } else if (a->width == 2) {                                               \
        ((uint16_t *)a->output)[i] = (uint16_t)(int32_t)count;                  \
      } else {                                                                  \
        ((int32_t *)a->output)[i] = (int32_t)count;                             \
      }                                                                         \
    }                                                                           \
  }

FERRY_QUANTIZE(ties_to_even, rintf)
FERRY_QUANTIZE(ties_away, roundf)

#define FERRY_DEQUANTIZE(name, type)                                            \
  void ferry_dequantize_##name##__scalar(const ferry_dequantize_args *a) {      \
    const type *input = a->input;                                               \
    for (size_t i = 0; i < a->count; ++i) {                                     \
      a->output[i] = (float)((double)a->scale * ((double)input[i] - a->zero_point)); \
    }                                                                           \
  }

FERRY_DEQUANTIZE(int8, int8_t)
FERRY_DEQUANTIZE(uint8, uint8_t)
FERRY_DEQUANTIZE(int16, int16_t)
FERRY_DEQUANTIZE(uint16, uint16_t)
FERRY_DEQUANTIZE(int32, int32_t)

/// Limited to what a byte holds.
static float byte_range(float x) { return x > 0 ? (x < 255 ? x : 255) : 0; }

void ferry_f32_quantize_dynamic_uint8__scalar(const ferry_f32_quantize_dynamic_args *a) {
  float smallest = 0, largest = 0;
  int finite = 1;
  for (size_t i = 0; i < a->count; ++i) {
    const float x = a->input[i];
    smallest = x < smallest ? x : smallest;
    largest = x > largest ? x : largest;
    finite &= x - x == 0;
  }
  const float range = largest - smallest, scale = range == 0 ? 1 : range / 255;
  finite &= range - range == 0 && scale > 0;
  *a->scale = finite ? scale : NAN;
  const float zero_point = finite ? rintf(byte_range(-smallest / scale)) : 0;
  *a->zero_point = (uint8_t)zero_point;
  for (size_t i = 0; i < a->count; ++i) {
    a->output[i] = finite ? (uint8_t)byte_range(rintf(a->input[i] / scale) + zero_point) : 0;
  }
}
