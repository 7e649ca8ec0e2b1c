// Depthwise convolution of counts: sixteen channels of a pixel at a time.
#if defined(__x86_64__)
#include <string.h>

#include "avx2.h"

#include "../x86/rescale8.h"

/// Sixteen counts less their zero point; the bytes past `count` are not read.
FERRY_INLINE __m256i counts16(const uint8_t *source, size_t count, __m128i flip, __m256i zero_point) {
  __m128i bytes;
  if (count >= 16) {
    bytes = _mm_loadu_si128((const __m128i *)source);
  } else {
    uint8_t whole[16] = {0};
    for (size_t i = 0; i < count; ++i) whole[i] = source[i];
    bytes = _mm_loadu_si128((const __m128i *)whole);
  }
  return _mm256_sub_epi16(_mm256_cvtepi8_epi16(_mm_xor_si128(bytes, flip)), zero_point);
}

/// One output pixel's channels `c ..< c + 16`, from the taps that lie inside the map.
FERRY_INLINE void pixel16(const ferry_q8_depthwise_args *a, size_t y, size_t x, size_t c, size_t count) {
  const size_t padded = (a->channels + 15) / 16 * 16, row = a->input_width * a->channels;
  const __m128i flip = _mm_set1_epi8((char)a->reading.flip);
  const __m256i zero_point = _mm256_set1_epi16(a->reading.zero_point);
  // The halves of a 128-bit lane side by side, as the unpacking below leaves them: 0-3, 8-11 and 4-7, 12-15.
  __m256i even = _mm256_setzero_si256(), odd = _mm256_setzero_si256();
  for (size_t r = 0; r < a->window.kernel_height; ++r) {
    const size_t iy = y * a->window.stride_y + r * a->window.dilation_y;
    if (iy < a->window.padding_top || iy - a->window.padding_top >= a->input_height) continue;
    const uint8_t *line = a->input + (iy - a->window.padding_top) * row + c;
    const int16_t *weights = a->weights + r * a->window.kernel_width * padded + c;
    for (size_t s = 0; s < a->window.kernel_width; ++s) {
      const size_t ix = x * a->window.stride_x + s * a->window.dilation_x;
      if (ix < a->window.padding_left || ix - a->window.padding_left >= a->input_width) continue;
      const __m256i counts = counts16(line + (ix - a->window.padding_left) * a->channels, count, flip, zero_point);
      const __m256i w = _mm256_loadu_si256((const __m256i *)(weights + s * padded));
      const __m256i lower = _mm256_mullo_epi16(counts, w), upper = _mm256_mulhi_epi16(counts, w);
      even = _mm256_add_epi32(even, _mm256_unpacklo_epi16(lower, upper));
      odd = _mm256_add_epi32(odd, _mm256_unpackhi_epi16(lower, upper));
    }
  }
  const __m256i low = _mm256_add_epi32(_mm256_permute2x128_si256(even, odd, 0x20),
                                       _mm256_loadu_si256((const __m256i *)(a->bias + c)));
  const __m256i high = _mm256_add_epi32(_mm256_permute2x128_si256(even, odd, 0x31),
                                        _mm256_loadu_si256((const __m256i *)(a->bias + c + 8)));
  const size_t target = (y * a->output_width + x) * a->channels + c;
  ferry_store_sums(&a->rescaling, low, high, c, count, a->output ? a->output + target : 0,
                   a->sums ? a->sums + target : 0);
}

void ferry_q8_depthwise_1x16__avx2(const ferry_q8_depthwise_args *a) {
  for (size_t y = a->output_row_begin; y < a->output_row_end; ++y) {
    for (size_t x = 0; x < a->output_width; ++x) {
      size_t c = 0;
      for (; c + 16 <= a->channels; c += 16) pixel16(a, y, x, c, 16);
      if (c < a->channels) pixel16(a, y, x, c, a->channels - c);
    }
  }
}

#pragma clang attribute pop
#endif
