// First convolution, 3x3 over three channels: fourteen pixels by 32 channels, every tap a broadcast at a constant offset
// from the pointer of a padded, interleaved image row.
#if defined(__x86_64__)
#include "../x86/stem_rows.h"
#include "avx512.h"

/// P pixels by Z * 16 + Y * 8 channels at stride S. The barrier keeps the compiler from merging overlapping broadcasts of
/// neighbouring taps, which spills.
#define FERRY_TILE(P, Z, Y, S)                                                  \
  FERRY_INLINE void tile_##P##x##Z##_##Y##s##S(const float *const rows[3], size_t x, const float *w, float *out, \
                                               size_t plane, __m512 lower, __m512 upper) { \
    __m512 sum[P][Z + 1];                                                       \
    __m256 half[P];                                                             \
    FERRY_UNROLL for (int z = 0; z < Z; ++z) {                                  \
      const __m512 bias = _mm512_loadu_ps(w + z * 16);                          \
      FERRY_UNROLL for (int p = 0; p < P; ++p) sum[p][z] = bias;                \
    }                                                                           \
    if (Y) {                                                                    \
      const __m256 bias = _mm256_loadu_ps(w + Z * 16);                          \
      FERRY_UNROLL for (int p = 0; p < P; ++p) half[p] = bias;                  \
    }                                                                           \
    w += Z * 16 + Y * 8;                                                        \
    for (int r = 0; r < 3; ++r) {                                               \
      const float *row = rows[r] + x * S * 3;                                   \
      FERRY_UNROLL for (int tap = 0; tap < 9; ++tap, w += Z * 16 + Y * 8) {     \
        __m512 weight[Z + 1];                                                   \
        __m256 half_weight;                                                     \
        FERRY_UNROLL for (int z = 0; z < Z; ++z) weight[z] = _mm512_loadu_ps(w + z * 16); \
        if (Y) half_weight = _mm256_loadu_ps(w + Z * 16);                       \
        FERRY_UNROLL for (int p = 0; p < P; ++p) {                              \
          const __m512 value = _mm512_set1_ps(row[p * S * 3 + tap]);            \
          FERRY_UNROLL for (int z = 0; z < Z; ++z) sum[p][z] = _mm512_fmadd_ps(value, weight[z], sum[p][z]); \
          if (Y) half[p] = _mm256_fmadd_ps(_mm512_castps512_ps256(value), half_weight, half[p]); \
        }                                                                       \
        __asm__ volatile("" ::: "memory");                                      \
      }                                                                         \
    }                                                                           \
    out += x * 8;                                                               \
    FERRY_UNROLL for (int z = 0; z < Z; ++z, out += 2 * plane) {                \
      FERRY_UNROLL for (int p = 0; p < P; ++p) {                                \
        const __m512 y = ferry_clamp16(sum[p][z], lower, upper);                \
        _mm256_storeu_ps(out + p * 8, _mm512_castps512_ps256(y));               \
        _mm256_storeu_ps(out + plane + p * 8, _mm512_extractf32x8_ps(y, 1));    \
      }                                                                         \
    }                                                                           \
    if (Y) {                                                                    \
      FERRY_UNROLL for (int p = 0; p < P; ++p) {                                \
        _mm256_storeu_ps(out + p * 8, ferry_clamp8(half[p], _mm512_castps512_ps256(lower), \
                                                   _mm512_castps512_ps256(upper))); \
      }                                                                         \
    }                                                                           \
  }

#define FERRY_ROW(Z, Y, S)                                                      \
  FERRY_TILE(14, Z, Y, S)                                                       \
  FERRY_TILE(7, Z, Y, S)                                                        \
  FERRY_TILE(4, Z, Y, S)                                                        \
  FERRY_TILE(1, Z, Y, S)                                                        \
  static void row_##Z##_##Y##s##S(const float *const rows[3], size_t width, const float *w, float *out, size_t plane, \
                                  float low, float high) {                      \
    const __m512 lower = _mm512_set1_ps(low), upper = _mm512_set1_ps(high);     \
    size_t x = 0;                                                               \
    for (; width - x >= 14; x += 14) tile_14x##Z##_##Y##s##S(rows, x, w, out, plane, lower, upper); \
    for (; width - x >= 7; x += 7) tile_7x##Z##_##Y##s##S(rows, x, w, out, plane, lower, upper); \
    for (; width - x >= 4; x += 4) tile_4x##Z##_##Y##s##S(rows, x, w, out, plane, lower, upper); \
    for (; x < width; ++x) tile_1x##Z##_##Y##s##S(rows, x, w, out, plane, lower, upper); \
  }

typedef void (*row_function)(const float *const *, size_t, const float *, float *, size_t, float, float);

/// By the blocks of eight channels of a panel.
#define FERRY_STEM(S)                                                           \
  FERRY_ROW(0, 1, S)                                                            \
  FERRY_ROW(1, 0, S)                                                            \
  FERRY_ROW(1, 1, S)                                                            \
  FERRY_ROW(2, 0, S)                                                            \
  static const row_function rows_s##S[5] = {0, row_0_1s##S, row_1_0s##S, row_1_1s##S, row_2_0s##S}; \
  void ferry_f32_stem_14x32s##S##__avx512(const ferry_f32_stem_args *a) { stem(a, S, rows_s##S); }

static void stem(const ferry_f32_stem_args *a, size_t stride, const row_function functions[5]) {
  if (a->output_width == 0) return;
  const size_t pixels = (a->output_width - 1) * stride + 3;
  size_t held[3] = {SIZE_MAX, SIZE_MAX, SIZE_MAX};
  float *out = a->output;
  for (size_t y = a->output_row_begin; y < a->output_row_end; ++y, out += a->output_width * 8) {
    const float *rows[3];
    for (size_t r = 0; r < 3; ++r) {
      const size_t row = y * stride + r;
      float *line = a->scratch + row % 3 * pixels * 3;
      if (held[row % 3] != row) ferry_load_stem_row(a, row, pixels, line);
      held[row % 3] = row;
      rows[r] = line;
    }
    for (size_t row = y * stride + 3; row < (y + 1) * stride + 3; ++row) ferry_fetch_stem_row(a, row);
    const float *panel = a->weights;
    for (size_t block = 0; block < a->output_blocks; block += 4) {
      const size_t blocks = a->output_blocks - block < 4 ? a->output_blocks - block : 4;
      functions[blocks](rows, a->output_width, panel, out + block * a->output_block_stride, a->output_block_stride,
                        a->lower, a->upper);
      panel += 28 * blocks * 8;
    }
  }
}

FERRY_STEM(1)
FERRY_STEM(2)

#pragma clang attribute pop
#endif
