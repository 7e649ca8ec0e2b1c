// Pointwise convolution. Where sums are long and their weights stream: fourteen pixels by 32 channels in 28 of the 32
// registers, which reads a panel half as often. Where they are short: six pixels by sixteen channels in half registers,
// twelve sums, so that the end of one tile overlaps with the beginning of the next.
#if defined(__x86_64__)
#include "f32_pointwise.h"
#include "avx512.h"

typedef struct tile_io {
  const float *input;
  size_t input_block_stride;
  const float *panel;
  size_t panel_width;
  size_t input_channels;
  const float *residual;
  size_t residual_block_stride;
  float *output;
  size_t output_block_stride;
  float lower, upper;
  const float *ahead;  // cache lines that somebody will read next
  size_t lines_ahead;
} tile_io;

/// The width of a panel, by the last part of a tile's name.
#define FERRY_WIDTH_8 8
#define FERRY_WIDTH_16 16
#define FERRY_WIDTH_24 24
#define FERRY_WIDTH_32 32
#define FERRY_WIDTH_any width

/// One input channel: Z whole and Y half registers of weights times P pixels.
#define FERRY_STEP(P, Z, Y, W, channel)                                         \
  {                                                                             \
    const float *row = w + (channel) * FERRY_WIDTH_##W;                                       \
    __m512 weight[Z + 1];                                                       \
    __m256 half_weight[Y + 1];                                                  \
    FERRY_UNROLL for (int z = 0; z < Z; ++z) weight[z] = _mm512_loadu_ps(row + z * 16); \
    FERRY_UNROLL for (int y = 0; y < Y; ++y) half_weight[y] = _mm256_loadu_ps(row + Z * 16 + y * 8); \
    FERRY_UNROLL for (int p = 0; p < P; ++p) {                                  \
      const __m512 x = _mm512_set1_ps(in[p * 8 + (channel)]);                   \
      FERRY_UNROLL for (int z = 0; z < Z; ++z) sum[p][z] = _mm512_fmadd_ps(x, weight[z], sum[p][z]); \
      FERRY_UNROLL for (int y = 0; y < Y; ++y) {                                \
        half[p][y] = _mm256_fmadd_ps(_mm512_castps512_ps256(x), half_weight[y], half[p][y]); \
      }                                                                         \
    }                                                                           \
  }

/// Between the products of eight channels some lines fit in without cost.
FERRY_INLINE void fetch_ahead(tile_io *io, size_t most) {
  const size_t lines = io->lines_ahead < most ? io->lines_ahead : most;
  for (size_t i = 0; i < lines; ++i) _mm_prefetch((const char *)(io->ahead + i * 16), _MM_HINT_T1);
  io->ahead += lines * 16;
  io->lines_ahead -= lines;
}

/// P pixels by Z * 16 + Y * 8 channels of a panel W wide, `count` times.
#define FERRY_TILE(P, Z, Y, W)                                                  \
  FERRY_INLINE void one_##P##x##Z##_##Y##_##W(tile_io *io, size_t pixel) {       \
    __m512 sum[P][Z + 1];                                                       \
    __m256 half[P][Y + 1];                                                      \
    const float *in = io->input + pixel * 8, *w = io->panel;                    \
    const size_t width = io->panel_width;                                       \
    (void)width;                                                                \
    FERRY_UNROLL for (int z = 0; z < Z; ++z) {                                  \
      const __m512 bias = _mm512_loadu_ps(w + z * 16);                          \
      FERRY_UNROLL for (int p = 0; p < P; ++p) sum[p][z] = bias;                \
    }                                                                           \
    FERRY_UNROLL for (int y = 0; y < Y; ++y) {                                  \
      const __m256 bias = _mm256_loadu_ps(w + Z * 16 + y * 8);                  \
      FERRY_UNROLL for (int p = 0; p < P; ++p) half[p][y] = bias;               \
    }                                                                           \
    w += FERRY_WIDTH_##W;                                                                     \
    for (size_t k = io->input_channels / 8; k > 0; --k) {                       \
      if (io->lines_ahead > 0) fetch_ahead(io, P > 7 ? 12 : 4);                 \
      FERRY_UNROLL for (int channel = 0; channel < 8; ++channel) FERRY_STEP(P, Z, Y, W, channel) \
      in += io->input_block_stride;                                             \
      w += FERRY_WIDTH_##W * 8;                                                               \
    }                                                                           \
    for (size_t k = io->input_channels % 8; k > 0; --k, ++in, w += FERRY_WIDTH_##W) FERRY_STEP(P, Z, Y, W, 0) \
    const __m512 lower = _mm512_set1_ps(io->lower), upper = _mm512_set1_ps(io->upper); \
    const float *residual = io->residual ? io->residual + pixel * 8 : 0;        \
    const size_t plane = io->output_block_stride, residual_plane = io->residual_block_stride; \
    float *out = io->output + pixel * 8;                                        \
    FERRY_UNROLL for (int z = 0; z < Z; ++z, out += 2 * plane) {                \
      if (residual) {                                                           \
        FERRY_UNROLL for (int p = 0; p < P; ++p) {                              \
          const __m512 low = _mm512_castps256_ps512(_mm256_loadu_ps(residual + p * 8)); \
          const __m256 high = _mm256_loadu_ps(residual + residual_plane + p * 8); \
          sum[p][z] = _mm512_add_ps(sum[p][z], _mm512_insertf32x8(low, high, 1)); \
        }                                                                       \
        residual += 2 * residual_plane;                                         \
      }                                                                         \
      FERRY_UNROLL for (int p = 0; p < P; ++p) {                                \
        const __m512 y = ferry_clamp16(sum[p][z], lower, upper);                \
        _mm256_storeu_ps(out + p * 8, _mm512_castps512_ps256(y));               \
        _mm256_storeu_ps(out + plane + p * 8, _mm512_extractf32x8_ps(y, 1));    \
      }                                                                         \
    }                                                                           \
    FERRY_UNROLL for (int y = 0; y < Y; ++y, out += plane) {                    \
      if (residual) {                                                           \
        FERRY_UNROLL for (int p = 0; p < P; ++p) {                              \
          half[p][y] = _mm256_add_ps(half[p][y], _mm256_loadu_ps(residual + p * 8)); \
        }                                                                       \
        residual += residual_plane;                                             \
      }                                                                         \
      FERRY_UNROLL for (int p = 0; p < P; ++p) {                                \
        _mm256_storeu_ps(out + p * 8, ferry_clamp8(half[p][y], _mm512_castps512_ps256(lower), \
                                                   _mm512_castps512_ps256(upper))); \
      }                                                                         \
    }                                                                           \
  }                                                                             \
  static void tile_##P##x##Z##_##Y##_##W(tile_io *io, size_t pixel, size_t count) { \
    for (; count > 0; --count, pixel += P) one_##P##x##Z##_##Y##_##W(io, pixel); \
  }

typedef void (*tile_function)(tile_io *, size_t, size_t);

enum { largest_tile = 14 };

#define FERRY_SMALL_TILES(Z, Y, W)                                              \
  FERRY_TILE(1, Z, Y, W)                                                        \
  FERRY_TILE(2, Z, Y, W)                                                        \
  FERRY_TILE(3, Z, Y, W)                                                        \
  FERRY_TILE(4, Z, Y, W)                                                        \
  FERRY_TILE(5, Z, Y, W)                                                        \
  FERRY_TILE(6, Z, Y, W)

#define FERRY_LARGE_TILES(Z, Y, W)                                              \
  FERRY_SMALL_TILES(Z, Y, W)                                                    \
  FERRY_TILE(7, Z, Y, W)                                                        \
  FERRY_TILE(8, Z, Y, W)                                                        \
  FERRY_TILE(9, Z, Y, W)                                                        \
  FERRY_TILE(10, Z, Y, W)                                                       \
  FERRY_TILE(11, Z, Y, W)                                                       \
  FERRY_TILE(12, Z, Y, W)                                                       \
  FERRY_TILE(13, Z, Y, W)                                                       \
  FERRY_TILE(14, Z, Y, W)

#define FERRY_SMALL_NAMES(V)                                                    \
  0, tile_1x##V, tile_2x##V, tile_3x##V, tile_4x##V, tile_5x##V, tile_6x##V
#define FERRY_LARGE_NAMES(V)                                                    \
  FERRY_SMALL_NAMES(V), tile_7x##V, tile_8x##V, tile_9x##V, tile_10x##V, tile_11x##V, tile_12x##V, tile_13x##V, \
      tile_14x##V

FERRY_LARGE_TILES(0, 1, any)
FERRY_LARGE_TILES(1, 0, any)
FERRY_SMALL_TILES(0, 2, 16)
FERRY_SMALL_TILES(0, 3, 24)
FERRY_TILE(7, 0, 3, 24)
FERRY_SMALL_TILES(0, 3, any)
FERRY_TILE(7, 0, 3, any)
FERRY_LARGE_TILES(2, 0, any)
FERRY_SMALL_TILES(0, 2, 32)

/// Which tiles cover the pixels; `blocks` of eight channels in one go.
typedef struct tile_set {
  size_t limit, blocks;
  tile_function tiles[largest_tile + 1];
} tile_set;

/// By the blocks of a panel.
static const tile_set long_sets[5] = {
    {0, 0, {0}},
    {14, 1, {FERRY_LARGE_NAMES(0_1_any)}},
    {14, 2, {FERRY_LARGE_NAMES(1_0_any)}},
    {7, 3, {FERRY_SMALL_NAMES(0_3_any), tile_7x0_3_any}},
    {14, 4, {FERRY_LARGE_NAMES(2_0_any)}},
};
static const tile_set short_sets[5] = {
    {0, 0, {0}},
    {14, 1, {FERRY_LARGE_NAMES(0_1_any)}},
    {6, 2, {FERRY_SMALL_NAMES(0_2_16)}},
    {7, 3, {FERRY_SMALL_NAMES(0_3_24), tile_7x0_3_24}},
    {6, 2, {FERRY_SMALL_NAMES(0_2_32)}},
};

/// Sums of at most so many channels are short.
enum { short_sum = 128 };

/// All pixels of one panel; as few tiles as can be, as even as can be: 49 = 13 + 3·12.
static void cover(const tile_set *set, tile_io *io, size_t pixels) {
  const size_t count = (pixels + set->limit - 1) / set->limit, size = pixels / count, larger = pixels % count;
  if (larger > 0) set->tiles[size + 1](io, 0, larger);
  set->tiles[size](io, larger * (size + 1), count - larger);
}

void ferry_f32_pointwise_tiles__avx512(const ferry_f32_pointwise_args *a, size_t panel_blocks) {
  if (a->pixels == 0) return;
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
      .ahead = a->ahead,
      .lines_ahead = a->lines_ahead,
  };
  const tile_set *sets = panel_blocks <= 4 && a->input_channels <= short_sum ? short_sets : long_sets;
  for (size_t block = 0; block < a->output_blocks; block += panel_blocks) {
    const size_t blocks = a->output_blocks - block < panel_blocks ? a->output_blocks - block : panel_blocks;
    io.panel_width = blocks * 8;
    const float *next = io.panel + (a->input_channels + 1) * io.panel_width;
    for (size_t done = 0; done < blocks;) {
      const size_t left = blocks <= 4 ? blocks : blocks - done;
      const tile_set *set = &sets[left < 4 ? left : 4];
      cover(set, &io, a->pixels);
      io.panel += set->blocks * 8;
      io.output += set->blocks * a->output_block_stride;
      if (io.residual) io.residual += set->blocks * a->residual_block_stride;
      done += set->blocks;
    }
    io.panel = next;
  }
}

void ferry_f32_pointwise_14x32__avx512(const ferry_f32_pointwise_args *a) { ferry_f32_pointwise_tiles__avx512(a, 4); }

#pragma clang attribute pop
#endif
