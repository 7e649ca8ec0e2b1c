// Dense convolution: the pointwise tile, run over the window's taps, along one output row at a time.
#if defined(__x86_64__)
#include "avx2.h"

#define FERRY_STEP(P, V, channel)                                               \
  {                                                                             \
    __m256 weight[V];                                                           \
    FERRY_UNROLL for (int v = 0; v < V; ++v) weight[v] = _mm256_loadu_ps(w + (channel) * V * 8 + v * 8); \
    FERRY_UNROLL for (int p = 0; p < P; ++p) {                                  \
      const __m256 x = _mm256_broadcast_ss(in + p * step + (channel));          \
      FERRY_UNROLL for (int v = 0; v < V; ++v) sum[p][v] = _mm256_fmadd_ps(x, weight[v], sum[p][v]); \
    }                                                                           \
  }

/// P output pixels of one row by V vectors of eight channels; `first` is the input under the first pixel's first tap.
#define FERRY_TILE(P, V)                                                        \
  static void tile_##P##x##V(const ferry_f32_convolution_args *a, const float *first, const float *w, float *out) { \
    __m256 sum[P][V];                                                           \
    const size_t step = a->stride_x * 8;                                        \
    FERRY_UNROLL for (int v = 0; v < V; ++v) {                                  \
      const __m256 bias = _mm256_loadu_ps(w + v * 8);                           \
      FERRY_UNROLL for (int p = 0; p < P; ++p) sum[p][v] = bias;                \
    }                                                                           \
    w += V * 8;                                                                 \
    for (size_t r = 0; r < a->kernel_height; ++r) {                             \
      const float *line = first + r * a->dilation_y * a->input_row_stride;      \
      for (size_t s = 0; s < a->kernel_width; ++s) {                            \
        const float *in = line + s * a->dilation_x * 8;                         \
        for (size_t k = a->input_channels / 8; k > 0; --k) {                    \
          FERRY_UNROLL for (int channel = 0; channel < 8; ++channel) FERRY_STEP(P, V, channel) \
          in += a->input_block_stride;                                          \
          w += V * 64;                                                          \
        }                                                                       \
        for (size_t k = a->input_channels % 8; k > 0; --k, ++in, w += V * 8) FERRY_STEP(P, V, 0) \
      }                                                                         \
    }                                                                           \
    const __m256 lower = _mm256_set1_ps(a->lower), upper = _mm256_set1_ps(a->upper); \
    FERRY_UNROLL for (int v = 0; v < V; ++v, out += a->output_block_stride) {   \
      FERRY_UNROLL for (int p = 0; p < P; ++p) {                                \
        _mm256_storeu_ps(out + p * 8, ferry_clamp8(sum[p][v], lower, upper));   \
      }                                                                         \
    }                                                                           \
  }

FERRY_TILE(6, 2)
FERRY_TILE(5, 2)
FERRY_TILE(4, 2)
FERRY_TILE(3, 2)
FERRY_TILE(2, 2)
FERRY_TILE(1, 2)
FERRY_TILE(6, 1)
FERRY_TILE(5, 1)
FERRY_TILE(4, 1)
FERRY_TILE(3, 1)
FERRY_TILE(2, 1)
FERRY_TILE(1, 1)

typedef void (*tile_function)(const ferry_f32_convolution_args *, const float *, const float *, float *);

static const tile_function tiles[2][7] = {
    {0, tile_1x1, tile_2x1, tile_3x1, tile_4x1, tile_5x1, tile_6x1},
    {0, tile_1x2, tile_2x2, tile_3x2, tile_4x2, tile_5x2, tile_6x2},
};

/// How many of the `left` pixels the next tile takes, so that the last tiles are as even as can be.
static size_t tile_width(size_t left) {
  if (left >= 12 || left == 11 || left <= 6) return left < 6 ? left : 6;
  return (left + 1) / 2;
}

void ferry_f32_convolution_6x16__avx2(const ferry_f32_convolution_args *a) {
  const size_t depth = a->kernel_height * a->kernel_width * a->input_channels;
  const float *panel = a->weights;
  for (size_t block = 0; block < a->output_blocks; block += 2) {
    const size_t vectors = a->output_blocks - block < 2 ? 1 : 2;
    float *plane = a->output + block * a->output_block_stride;
    for (size_t y = 0; y < a->output_height; ++y) {
      const float *line = a->input + y * a->stride_y * a->input_row_stride;
      for (size_t x = 0; x < a->output_width;) {
        const size_t width = tile_width(a->output_width - x);
        tiles[vectors - 1][width](a, line + x * a->stride_x * 8, panel, plane + (y * a->output_width + x) * 8);
        x += width;
      }
    }
    panel += (depth + 1) * vectors * 8;
  }
}

#pragma clang attribute pop
#endif
