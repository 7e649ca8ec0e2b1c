// Pointwise convolution of rectified maps, about half of whose elements are zero: two pixels at a time, by a list of the
// channels in which not both are zero. A row of up to 160 weights serves both pixels, 20 of the 32 registers hold their
// sums. Only products with zero are left out: the bits are those of the dense kernel.
#if defined(__x86_64__)
#include "f32_pointwise.h"
#include "avx512.h"

enum {
  panel_blocks = 20,  // 160 channels
  longest_list = 4096,
  longest_group = 16,  // pairs
};

/// The lanes of a block in which one of two neighbouring pixels, or the only one, is not zero. NaN is not zero.
FERRY_INLINE unsigned lanes_in_use(const float *pixel, int is_pair) {
  if (!is_pair) return _mm256_cmp_ps_mask(_mm256_loadu_ps(pixel), _mm256_setzero_ps(), _CMP_NEQ_UQ);
  const unsigned both = _mm512_cmp_ps_mask(_mm512_loadu_ps(pixel), _mm512_setzero_ps(), _CMP_NEQ_UQ);
  return (both | both >> 8) & 0xff;
}

/// Lists the channels in use, in order. Room for eight more than there are is written to.
FERRY_INLINE size_t list_channels(const ferry_f32_pointwise_args *a, const float *pixel, int is_pair, uint32_t *list) {
  size_t count = 0;
  __m256i numbers = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  for (size_t left = a->input_channels; left > 0; pixel += a->input_block_stride) {
    unsigned lanes = lanes_in_use(pixel, is_pair);
    if (left < 8) lanes &= (1u << left) - 1;
    left -= left < 8 ? left : 8;
    _mm256_storeu_si256((__m256i *)(list + count), _mm256_maskz_compress_epi32((__mmask8)lanes, numbers));
    count += (size_t)__builtin_popcount(lanes);
    numbers = _mm256_add_epi32(numbers, _mm256_set1_epi32(8));
  }
  return count;
}

/// Where the sums of two pixels go, and what they are made of.
typedef struct pair_io {
  const float *pixel;
  size_t second;  // from the first pixel to the second: eight floats, none where there is no second
  size_t input_block_stride;
  const uint32_t *channels;
  size_t count;
  const float *panel;
  const float *residual;
  size_t residual_block_stride;
  float *output;
  size_t output_block_stride;
  float lower, upper;
} pair_io;

/// A block of both pixels, or of the first alone.
FERRY_INLINE void store_block(const pair_io *io, size_t block, __m512 sums, __m512 lower, __m512 upper) {
  float *out = io->output + block * io->output_block_stride;
  const float *residual = io->residual ? io->residual + block * io->residual_block_stride : 0;
  if (io->second) {
    if (residual) sums = _mm512_add_ps(sums, _mm512_loadu_ps(residual));
    _mm512_storeu_ps(out, ferry_clamp16(sums, lower, upper));
  } else {
    __m256 first = _mm512_castps512_ps256(sums);
    if (residual) first = _mm256_add_ps(first, _mm256_loadu_ps(residual));
    _mm256_storeu_ps(out, ferry_clamp8(first, _mm512_castps512_ps256(lower), _mm512_castps512_ps256(upper)));
  }
}

/// Two pixels by Z * 16 + Y * 8 channels.
#define FERRY_PAIR(Z, Y)                                                        \
  static void pair_##Z##_##Y(const pair_io *io) {                               \
    enum { width = Z * 16 + Y * 8 };                                            \
    __m512 a[Z + 1], b[Z + 1];                                                  \
    __m256 half_a, half_b;                                                      \
    const float *w = io->panel;                                                 \
    FERRY_UNROLL for (int z = 0; z < Z; ++z) a[z] = b[z] = _mm512_loadu_ps(w + z * 16); \
    if (Y) half_a = half_b = _mm256_loadu_ps(w + Z * 16);                       \
    w += width;                                                                 \
    for (size_t i = 0; i < io->count; ++i) {                                    \
      const size_t channel = io->channels[i];                                   \
      const float *x = io->pixel + channel / 8 * io->input_block_stride + channel % 8, *row = w + channel * width; \
      const __m512 first = _mm512_set1_ps(*x), second = _mm512_set1_ps(x[io->second]); \
      FERRY_UNROLL for (int z = 0; z < Z; ++z) {                                \
        const __m512 weight = _mm512_loadu_ps(row + z * 16);                    \
        a[z] = _mm512_fmadd_ps(first, weight, a[z]);                            \
        b[z] = _mm512_fmadd_ps(second, weight, b[z]);                           \
      }                                                                         \
      if (Y) {                                                                  \
        const __m256 weight = _mm256_loadu_ps(row + Z * 16);                    \
        half_a = _mm256_fmadd_ps(_mm512_castps512_ps256(first), weight, half_a); \
        half_b = _mm256_fmadd_ps(_mm512_castps512_ps256(second), weight, half_b); \
      }                                                                         \
    }                                                                           \
    const __m512 lower = _mm512_set1_ps(io->lower), upper = _mm512_set1_ps(io->upper); \
    FERRY_UNROLL for (int z = 0; z < Z; ++z) {                                  \
      store_block(io, (size_t)z * 2, _mm512_shuffle_f32x4(a[z], b[z], 0x44), lower, upper); \
      store_block(io, (size_t)z * 2 + 1, _mm512_shuffle_f32x4(a[z], b[z], 0xee), lower, upper); \
    }                                                                           \
    if (Y) store_block(io, Z * 2, _mm512_insertf32x8(_mm512_castps256_ps512(half_a), half_b, 1), lower, upper); \
  }

typedef void (*pair_function)(const pair_io *);

#define FERRY_PAIRS(Z) FERRY_PAIR(Z, 0) FERRY_PAIR(Z, 1)
FERRY_PAIR(0, 1)
FERRY_PAIRS(1)
FERRY_PAIRS(2)
FERRY_PAIRS(3)
FERRY_PAIRS(4)
FERRY_PAIRS(5)
FERRY_PAIRS(6)
FERRY_PAIRS(7)
FERRY_PAIRS(8)
FERRY_PAIRS(9)
FERRY_PAIR(10, 0)

/// By the blocks of a panel.
#define FERRY_NAMES(Z) pair_##Z##_0, pair_##Z##_1
static const pair_function pairs[panel_blocks + 1] = {
    0,
    pair_0_1,
    FERRY_NAMES(1),
    FERRY_NAMES(2),
    FERRY_NAMES(3),
    FERRY_NAMES(4),
    FERRY_NAMES(5),
    FERRY_NAMES(6),
    FERRY_NAMES(7),
    FERRY_NAMES(8),
    FERRY_NAMES(9),
    pair_10_0,
};

/// Whether leaving zeroes out costs less than not looking for them, judged by one pair of pixels in sixteen. Beside its
/// products a channel in use costs what eight products do, and making the list a tenth of everything.
static int is_sparse(const ferry_f32_pointwise_args *a) {
  size_t used = 0, all = 0;
  for (size_t pixel = 0; pixel + 1 < a->pixels; pixel += 16) {
    const float *x = a->input + pixel * 8;
    for (size_t block = 0; block < a->input_channels / 8; ++block, x += a->input_block_stride) {
      used += (size_t)__builtin_popcount(lanes_in_use(x, 1));
    }
    all += a->input_channels / 8 * 8;
  }
  const size_t outputs = a->output_blocks * 8;
  return used * (outputs + 8) * 10 < all * outputs * 9;
}

/// Some panels of one pair of pixels, whose channels in use are listed.
static void multiply_panel(const ferry_f32_pointwise_args *a, size_t pixel, const uint32_t *channels, size_t count,
                           size_t block, const float *panel) {
  const size_t blocks = a->output_blocks - block < panel_blocks ? a->output_blocks - block : panel_blocks;
  const pair_io io = {
      .pixel = a->input + pixel * 8,
      .second = pixel + 1 < a->pixels ? 8 : 0,
      .input_block_stride = a->input_block_stride,
      .channels = channels,
      .count = count,
      .panel = panel,
      .residual = a->residual ? a->residual + block * a->residual_block_stride + pixel * 8 : 0,
      .residual_block_stride = a->residual_block_stride,
      .output = a->output + block * a->output_block_stride + pixel * 8,
      .output_block_stride = a->output_block_stride,
      .lower = a->lower,
      .upper = a->upper,
  };
  pairs[blocks](&io);
}

void ferry_f32_pointwise_2x160sparse__avx512(const ferry_f32_pointwise_args *a) {
  if (a->input_channels > longest_list || !is_sparse(a)) {
    ferry_f32_pointwise_tiles__avx512(a, panel_blocks);
    return;
  }
  // Each pair reads all weights of a panel. Of several panels, which together may be too many for the second-level cache,
  // one after the other serves a group of pairs; a single one serves each pair as soon as it is listed.
  uint32_t channels[longest_list * 4 + 8];
  size_t counts[longest_group];
  const size_t room = longest_list * 4 / a->input_channels, most = room < longest_group ? room : longest_group;
  const size_t group = a->output_blocks > panel_blocks ? most * 2 : 2;
  for (size_t first = 0; first < a->pixels; first += group) {
    const size_t end = a->pixels - first < group ? a->pixels : first + group;
    for (size_t pixel = first; pixel < end; pixel += 2) {
      const size_t pair = (pixel - first) / 2;
      uint32_t *list = channels + pair * a->input_channels;
      const float *input = a->input + pixel * 8;
      counts[pair] = pixel + 1 < a->pixels ? list_channels(a, input, 1, list) : list_channels(a, input, 0, list);
    }
    const float *panel = a->weights;
    for (size_t block = 0; block < a->output_blocks; block += panel_blocks) {
      for (size_t pixel = first; pixel < end; pixel += 2) {
        const size_t pair = (pixel - first) / 2;
        multiply_panel(a, pixel, channels + pair * a->input_channels, counts[pair], block, panel);
      }
      panel += (a->input_channels + 1) * panel_blocks * 8;
    }
  }
}

#pragma clang attribute pop
#endif
