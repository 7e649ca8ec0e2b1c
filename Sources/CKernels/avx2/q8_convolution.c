// Convolution of counts: windows of up to six pixels against panels of sixteen output channels, two taps an instruction.
#if defined(__x86_64__)
#include <string.h>

#include "avx2.h"

#include "../counts/gather.h"
#include "../x86/rescale8.h"

/// The sums of N pixels whose windows lie `stride` apart, stored one after the other.
#define FERRY_PRODUCTS(N)                                                                       \
  static void products_##N(const ferry_q8_convolution_args *a, const int16_t *x, size_t stride, const int16_t *w, \
                           size_t o, size_t target) {                                           \
    const __m256i low_bias = _mm256_loadu_si256((const __m256i *)(a->bias + o));                \
    const __m256i high_bias = _mm256_loadu_si256((const __m256i *)(a->bias + o + 8));           \
    __m256i low[N], high[N];                                                                    \
    FERRY_UNROLL for (int i = 0; i < N; ++i) { low[i] = low_bias; high[i] = high_bias; }        \
    for (size_t k = 0; k < stride; k += 2, w += 32) {                                           \
      const __m256i w0 = _mm256_loadu_si256((const __m256i *)w);                                \
      const __m256i w1 = _mm256_loadu_si256((const __m256i *)(w + 16));                         \
      FERRY_UNROLL for (int i = 0; i < N; ++i) {                                                \
        int32_t pair;                                                                           \
        memcpy(&pair, x + i * stride + k, sizeof pair);                                         \
        const __m256i two = _mm256_set1_epi32(pair);                                            \
        low[i] = _mm256_add_epi32(low[i], _mm256_madd_epi16(two, w0));                          \
        high[i] = _mm256_add_epi32(high[i], _mm256_madd_epi16(two, w1));                        \
      }                                                                                         \
    }                                                                                           \
    const size_t count = a->outputs - o;                                                        \
    FERRY_UNROLL for (int i = 0; i < N; ++i) {                                                  \
      const size_t place = target + i * a->output_pixel_stride;                                 \
      ferry_store_sums(&a->rescaling, low[i], high[i], o, count, a->output ? a->output + place : 0, \
                       a->sums ? a->sums + place : 0);                                          \
    }                                                                                           \
  }

FERRY_PRODUCTS(1)
FERRY_PRODUCTS(2)
FERRY_PRODUCTS(3)
FERRY_PRODUCTS(4)
FERRY_PRODUCTS(5)
FERRY_PRODUCTS(6)

typedef void (*products_function)(const ferry_q8_convolution_args *, const int16_t *, size_t, const int16_t *, size_t,
                                  size_t);

static const products_function products[7] = {0,          products_1, products_2, products_3,
                                              products_4, products_5, products_6};

void ferry_q8_convolution_6x16__avx2(const ferry_q8_convolution_args *a) {
  const size_t depth = a->window.kernel_height * a->window.kernel_width * a->input_channels, stride = depth + depth % 2;
  for (size_t first = a->pixel_begin; first < a->pixel_end; first += a->scratch_pixels) {
    const size_t left = a->pixel_end - first, pixels = left < a->scratch_pixels ? left : a->scratch_pixels;
    for (size_t p = 0; p < pixels; ++p) gather_pixel(a, first + p, a->scratch + p * stride);
    const int16_t *panel = a->weights;
    for (size_t o = 0; o < a->outputs; o += 16, panel += stride * 16) {
      for (size_t p = 0; p < pixels; p += 6) {
        const size_t count = pixels - p < 6 ? pixels - p : 6;
        products[count](a, a->scratch + p * stride, stride, panel, o, (first + p) * a->output_pixel_stride + o);
      }
    }
  }
}

#pragma clang attribute pop
#endif
