// Packing constant weights, once, when a model is loaded.
#include <string.h>

#include "CKernels.h"

static float element(const void *base, size_t index) {
  float value;
  memcpy(&value, (const char *)base + index * sizeof value, sizeof value);
  return value;
}

/// Four floats anywhere.
typedef float four __attribute__((vector_size(16), aligned(4)));

/// Four depths of four outputs: rows of `source`, `depth` floats apart, become columns of `packed`, `width` apart.
static inline void transpose_four(const char *source, size_t depth, float *packed, size_t width) {
  four row[4];
  for (size_t o = 0; o < 4; ++o) memcpy(&row[o], source + o * depth * sizeof(float), sizeof row[o]);
  const four a = __builtin_shufflevector(row[0], row[1], 0, 4, 1, 5), b = __builtin_shufflevector(row[2], row[3], 0, 4, 1, 5);
  const four c = __builtin_shufflevector(row[0], row[1], 2, 6, 3, 7), d = __builtin_shufflevector(row[2], row[3], 2, 6, 3, 7);
  *(four *)packed = __builtin_shufflevector(a, b, 0, 1, 4, 5);
  *(four *)(packed + width) = __builtin_shufflevector(a, b, 2, 3, 6, 7);
  *(four *)(packed + 2 * width) = __builtin_shufflevector(c, d, 0, 1, 4, 5);
  *(four *)(packed + 3 * width) = __builtin_shufflevector(c, d, 2, 3, 6, 7);
}

/// One panel without its bias. Sixteen depths at a time: of every output the cache line that is read is used up.
static void pack_panel(const char *weights, size_t outputs, size_t depth, size_t width, float *packed) {
  for (size_t first = 0; first < depth; first += 16) {
    const size_t depths = depth - first < 16 ? depth - first : 16;
    const char *source = weights + first * sizeof(float);
    float *target = packed + first * width;
    size_t o = 0;
    for (; o + 4 <= outputs; o += 4) {
      size_t d = 0;
      for (; d + 4 <= depths; d += 4) {
        transpose_four(source + (o * depth + d) * sizeof(float), depth, target + d * width + o, width);
      }
      for (; d < depths; ++d) {
        for (size_t i = 0; i < 4; ++i) target[d * width + o + i] = element(source, (o + i) * depth + d);
      }
    }
    for (; o < width; ++o) {
      for (size_t d = 0; d < depths; ++d) target[d * width + o] = o < outputs ? element(source, o * depth + d) : 0;
    }
  }
}

void ferry_f32_pack_panels(const void *weights, const void *bias, size_t outputs, size_t depth, size_t panel,
                           float *packed) {
  const size_t padded = (outputs + 7) / 8 * 8;
  for (size_t first = 0; first < padded; first += panel) {
    const size_t width = padded - first < panel ? padded - first : panel;
    const size_t real = outputs - first < width ? outputs - first : width;
    for (size_t o = 0; o < width; ++o) packed[o] = bias && o < real ? element(bias, first + o) + 0.0f : 0;
    packed += width;
    pack_panel((const char *)weights + first * depth * sizeof(float), real, depth, width, packed);
    packed += depth * width;
  }
}

_Bool ferry_f32_all_finite(const void *values, size_t count) {
  uint32_t found = 0;
  for (size_t i = 0; i < count; ++i) {
    uint32_t bits;
    memcpy(&bits, (const char *)values + i * sizeof bits, sizeof bits);
    found |= (bits & 0x7f800000) == 0x7f800000;
  }
  return !found;
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

static int16_t difference(const void *weights, size_t index, uint8_t flip, int16_t zero_point) {
  return (int16_t)((int8_t)(((const uint8_t *)weights)[index] ^ flip) - zero_point);
}

void ferry_q8_pack_panels(const void *weights, uint8_t flip, const int16_t *zero_points, size_t outputs, size_t depth,
                          size_t panel, int16_t *packed) {
  for (size_t first = 0; first < outputs; first += panel) {
    for (size_t d = 0; d < depth + depth % 2; d += 2) {
      for (size_t o = first; o < first + panel; ++o, packed += 2) {
        const size_t index = o * depth + d;
        packed[0] = o < outputs ? difference(weights, index, flip, zero_points[o]) : 0;
        packed[1] = o < outputs && d + 1 < depth ? difference(weights, index + 1, flip, zero_points[o]) : 0;
      }
    }
  }
}

void ferry_q8_pack_depthwise(const void *weights, uint8_t flip, const int16_t *zero_points, size_t channels,
                             size_t taps, int16_t *packed) {
  for (size_t tap = 0; tap < taps; ++tap) {
    for (size_t c = 0; c < (channels + 15) / 16 * 16; ++c) {
      *packed++ = c < channels ? difference(weights, c * taps + tap, flip, zero_points[c]) : 0;
    }
  }
}
