// Packing constant weights, once, when a model is loaded.
#include <string.h>

#include "CKernels.h"

static float element(const void *base, size_t index) {
  float value;
  memcpy(&value, (const char *)base + index * sizeof value, sizeof value);
  return value;
}

void ferry_f32_pack_panels(const void *weights, const void *bias, size_t outputs, size_t depth, size_t panel,
                           float *packed) {
  const size_t padded = (outputs + 7) / 8 * 8;
  for (size_t first = 0; first < padded; first += panel) {
    const size_t width = padded - first < panel ? padded - first : panel;
    for (size_t o = 0; o < width; ++o) packed[o] = bias && first + o < outputs ? element(bias, first + o) : 0;
    packed += width;
    for (size_t o = 0; o < width; ++o) {
      const size_t output = first + o;
      for (size_t d = 0; d < depth; ++d) {
        packed[d * width + o] = output < outputs ? element(weights, output * depth + d) : 0;
      }
    }
    packed += depth * width;
  }
}

void ferry_f32_pack_depthwise(const void *weights, const void *bias, size_t channels, size_t taps, float *packed) {
  const size_t blocks = (channels + 7) / 8;
  for (size_t block = 0; block < blocks; ++block, packed += (taps + 1) * 8) {
    for (size_t lane = 0; lane < 8; ++lane) {
      const size_t channel = block * 8 + lane;
      const int real = channel < channels;
      packed[lane] = bias && real ? element(bias, channel) : 0;
      for (size_t tap = 0; tap < taps; ++tap) {
        packed[(tap + 1) * 8 + lane] = real ? element(weights, channel * taps + tap) : 0;
      }
    }
  }
}
