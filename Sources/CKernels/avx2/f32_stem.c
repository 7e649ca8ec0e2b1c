// First convolution, 3x3 over three channels: the three image rows under an output row are copied, padded and
// interleaved, into scratch; then every tap is a broadcast at a constant offset from a row's pointer.
#if defined(__x86_64__)
#include "../x86/stem_rows.h"
#include "avx2.h"

/// The barrier keeps the compiler from merging overlapping broadcasts of neighbouring taps, which spills.
#define FERRY_STEP(P, V, S, row, tap)                                           \
  {                                                                             \
    __m256 weight[V];                                                           \
    FERRY_UNROLL for (int v = 0; v < V; ++v) weight[v] = _mm256_loadu_ps(w + (tap) * V * 8 + v * 8); \
    FERRY_UNROLL for (int p = 0; p < P; ++p) {                                  \
      const __m256 x = _mm256_broadcast_ss(row + p * S * 3 + (tap));            \
      FERRY_UNROLL for (int v = 0; v < V; ++v) sum[p][v] = _mm256_fmadd_ps(x, weight[v], sum[p][v]); \
    }                                                                           \
    __asm__ volatile("" ::: "memory");                                          \
  }

#define FERRY_TILE(P, V, S)                                                     \
  FERRY_INLINE void tile_##P##x##V##s##S(const float *const rows[3], size_t x, const float *w, float *out, \
                                         size_t block_stride, __m256 lower, __m256 upper) { \
    __m256 sum[P][V];                                                           \
    FERRY_UNROLL for (int v = 0; v < V; ++v) {                                  \
      const __m256 bias = _mm256_loadu_ps(w + v * 8);                           \
      FERRY_UNROLL for (int p = 0; p < P; ++p) sum[p][v] = bias;                \
    }                                                                           \
    w += V * 8;                                                                 \
    for (int r = 0; r < 3; ++r, w += 9 * V * 8) {                               \
      const float *row = rows[r] + x * S * 3;                                   \
      FERRY_UNROLL for (int tap = 0; tap < 9; ++tap) FERRY_STEP(P, V, S, row, tap) \
    }                                                                           \
    out += x * 8;                                                               \
    FERRY_UNROLL for (int v = 0; v < V; ++v, out += block_stride) {             \
      FERRY_UNROLL for (int p = 0; p < P; ++p) {                                \
        _mm256_storeu_ps(out + p * 8, ferry_clamp8(sum[p][v], lower, upper));   \
      }                                                                         \
    }                                                                           \
  }

#define FERRY_ROW(V, S)                                                         \
  FERRY_TILE(6, V, S)                                                           \
  FERRY_TILE(4, V, S)                                                           \
  FERRY_TILE(1, V, S)                                                           \
  static void row_x##V##s##S(const float *const rows[3], size_t width, const float *w, float *out, \
                             size_t block_stride, float low, float high) {      \
    const __m256 lower = _mm256_set1_ps(low), upper = _mm256_set1_ps(high);     \
    size_t x = 0;                                                               \
    for (; width - x >= 6; x += 6) tile_6x##V##s##S(rows, x, w, out, block_stride, lower, upper); \
    for (; width - x >= 4; x += 4) tile_4x##V##s##S(rows, x, w, out, block_stride, lower, upper); \
    for (; x < width; ++x) tile_1x##V##s##S(rows, x, w, out, block_stride, lower, upper); \
  }

#define FERRY_STEM(S)                                                           \
  FERRY_ROW(2, S)                                                               \
  FERRY_ROW(1, S)                                                               \
  void ferry_f32_stem_6x16s##S##__avx2(const ferry_f32_stem_args *a) {          \
    if (a->output_width == 0) return;                                           \
    const size_t pixels = (a->output_width - 1) * S + 3;                        \
    size_t held[3] = {SIZE_MAX, SIZE_MAX, SIZE_MAX};                            \
    float *out = a->output;                                                     \
    for (size_t y = a->output_row_begin; y < a->output_row_end; ++y, out += a->output_width * 8) { \
      const float *rows[3];                                                     \
      for (size_t r = 0; r < 3; ++r) {                                          \
        const size_t row = y * S + r;                                           \
        float *line = a->scratch + row % 3 * pixels * 3;                        \
        if (held[row % 3] != row) ferry_load_stem_row(a, row, pixels, line);               \
        held[row % 3] = row;                                                    \
        rows[r] = line;                                                         \
      }                                                                         \
      for (size_t row = y * S + 3; row < (y + 1) * S + 3; ++row) ferry_fetch_stem_row(a, row); \
      const float *panel = a->weights;                                          \
      for (size_t block = 0; block < a->output_blocks; block += 2) {            \
        float *target = out + block * a->output_block_stride;                   \
        if (a->output_blocks - block == 1) {                                    \
          row_x1s##S(rows, a->output_width, panel, target, a->output_block_stride, a->lower, a->upper); \
        } else {                                                                \
          row_x2s##S(rows, a->output_width, panel, target, a->output_block_stride, a->lower, a->upper); \
        }                                                                       \
        panel += 28 * 16;                                                       \
      }                                                                         \
    }                                                                           \
  }

FERRY_STEM(1)
FERRY_STEM(2)

#pragma clang attribute pop
#endif
