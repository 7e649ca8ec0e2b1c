// Pointwise convolution: six pixels by sixteen channels in twelve accumulators; per input channel two weight loads and
// six broadcasts, eight input channels at constant offsets from two pointers.
#if defined(__x86_64__)
#include "avx2.h"

typedef struct tile_io {
  const float *input;
  size_t input_block_stride;
  const float *panel;
  size_t input_channels;
  const float *residual;
  size_t residual_block_stride;
  float *output;
  size_t output_block_stride;
  float lower, upper;
} tile_io;

#define FERRY_STEP(P, V, channel)                                               \
  {                                                                             \
    __m256 weight[V];                                                           \
    FERRY_UNROLL for (int v = 0; v < V; ++v) weight[v] = _mm256_loadu_ps(w + (channel) * V * 8 + v * 8); \
    FERRY_UNROLL for (int p = 0; p < P; ++p) {                                  \
      const __m256 x = _mm256_broadcast_ss(in + p * 8 + (channel));             \
      FERRY_UNROLL for (int v = 0; v < V; ++v) sum[p][v] = _mm256_fmadd_ps(x, weight[v], sum[p][v]); \
    }                                                                           \
  }

/// P pixels by V vectors of eight channels.
#define FERRY_TILE(P, V)                                                        \
  FERRY_INLINE void tile_##P##x##V(const tile_io *io, size_t pixel) {           \
    __m256 sum[P][V];                                                           \
    const float *in = io->input + pixel * 8, *w = io->panel;                    \
    FERRY_UNROLL for (int v = 0; v < V; ++v) {                                  \
      const __m256 bias = _mm256_loadu_ps(w + v * 8);                           \
      FERRY_UNROLL for (int p = 0; p < P; ++p) sum[p][v] = bias;                \
    }                                                                           \
    w += V * 8;                                                                 \
    for (size_t k = io->input_channels / 8; k > 0; --k) {                       \
      FERRY_UNROLL for (int channel = 0; channel < 8; ++channel) FERRY_STEP(P, V, channel) \
      in += io->input_block_stride;                                             \
      w += V * 64;                                                              \
    }                                                                           \
    for (size_t k = io->input_channels % 8; k > 0; --k, ++in, w += V * 8) FERRY_STEP(P, V, 0) \
    if (io->residual) {                                                         \
      const float *residual = io->residual + pixel * 8;                         \
      FERRY_UNROLL for (int v = 0; v < V; ++v, residual += io->residual_block_stride) { \
        FERRY_UNROLL for (int p = 0; p < P; ++p) {                              \
          sum[p][v] = _mm256_add_ps(sum[p][v], _mm256_loadu_ps(residual + p * 8)); \
        }                                                                       \
      }                                                                         \
    }                                                                           \
    const __m256 lower = _mm256_set1_ps(io->lower), upper = _mm256_set1_ps(io->upper); \
    float *out = io->output + pixel * 8;                                        \
    FERRY_UNROLL for (int v = 0; v < V; ++v, out += io->output_block_stride) {  \
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

/// Sixes, and what is left in tiles as even as can be: 49 = 6·6 + 5 + 4 + 4.
#define FERRY_PANEL(V)                                                          \
  static void panel_x##V(const tile_io *io, size_t pixels) {                    \
    size_t pixel = 0;                                                           \
    for (;;) {                                                                  \
      const size_t left = pixels - pixel;                                       \
      if (left >= 12 || left == 6 || left == 11) {                              \
        tile_6x##V(io, pixel);                                                  \
        pixel += 6;                                                             \
      } else if (left == 10 || left == 9 || left == 5) {                        \
        tile_5x##V(io, pixel);                                                  \
        pixel += 5;                                                             \
      } else if (left == 8 || left == 7 || left == 4) {                         \
        tile_4x##V(io, pixel);                                                  \
        pixel += 4;                                                             \
      } else if (left == 3) {                                                   \
        tile_3x##V(io, pixel);                                                  \
        pixel += 3;                                                             \
      } else if (left == 2) {                                                   \
        tile_2x##V(io, pixel);                                                  \
        pixel += 2;                                                             \
      } else if (left == 1) {                                                   \
        tile_1x##V(io, pixel);                                                  \
        pixel += 1;                                                             \
      } else {                                                                  \
        return;                                                                 \
      }                                                                         \
    }                                                                           \
  }

FERRY_PANEL(2)
FERRY_PANEL(1)

void ferry_f32_pointwise_6x16__avx2(const ferry_f32_pointwise_args *a) {
  tile_io io = {
      .input = a->input,
      .input_block_stride = a->input_block_stride,
      .panel = a->weights,
      .input_channels = a->input_channels,
      .residual = a->residual,
      .residual_block_stride = a->residual_block_stride,
      .output = a->output,
      .output_block_stride = a->output_block_stride,
      .lower = a->lower,
      .upper = a->upper,
  };
  for (size_t block = 0; block < a->output_blocks; block += 2) {
    if (a->output_blocks - block == 1) {
      panel_x1(&io, a->pixels);
      return;
    }
    panel_x2(&io, a->pixels);
    io.panel += (a->input_channels + 1) * 16;
    io.output += 2 * a->output_block_stride;
    if (io.residual) io.residual += 2 * a->residual_block_stride;
  }
}

#pragma clang attribute pop
#endif
