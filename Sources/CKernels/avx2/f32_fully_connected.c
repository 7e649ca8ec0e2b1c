// Fully connected layer: up to 64 output channels in eight accumulators, the weights read once in order.
#if defined(__x86_64__)
#include "avx2.h"

#define FERRY_COLUMNS(V)                                                        \
  static void columns_##V(const float *input, size_t inputs, const float *w, float *out, size_t outputs, \
                          __m256 lower, __m256 upper) {                         \
    __m256 sum[V];                                                              \
    FERRY_UNROLL for (int v = 0; v < V; ++v) sum[v] = _mm256_loadu_ps(w + v * 8); \
    for (size_t k = 0; k < inputs; ++k) {                                       \
      w += V * 8;                                                               \
      const __m256 x = _mm256_broadcast_ss(input + k);                          \
      FERRY_UNROLL for (int v = 0; v < V; ++v) {                                \
        sum[v] = _mm256_fmadd_ps(x, _mm256_loadu_ps(w + v * 8), sum[v]);        \
      }                                                                         \
    }                                                                           \
    FERRY_UNROLL for (int v = 0; v < V; ++v) {                                  \
      const __m256 result = ferry_clamp8(sum[v], lower, upper);                 \
      if (outputs >= (size_t)(v + 1) * 8) {                                           \
        _mm256_storeu_ps(out + v * 8, result);                                  \
      } else {                                                                  \
        _mm256_maskstore_ps(out + v * 8, ferry_tail_mask(outputs - v * 8), result); \
      }                                                                         \
    }                                                                           \
  }

FERRY_COLUMNS(1)
FERRY_COLUMNS(2)
FERRY_COLUMNS(3)
FERRY_COLUMNS(4)
FERRY_COLUMNS(5)
FERRY_COLUMNS(6)
FERRY_COLUMNS(7)
FERRY_COLUMNS(8)

typedef void (*columns_function)(const float *, size_t, const float *, float *, size_t, __m256, __m256);

static const columns_function columns[9] = {0,         columns_1, columns_2, columns_3, columns_4,
                                            columns_5, columns_6, columns_7, columns_8};

void ferry_f32_fully_connected_1x64__avx2(const ferry_f32_fully_connected_args *a) {
  const __m256 lower = _mm256_set1_ps(a->lower), upper = _mm256_set1_ps(a->upper);
  const float *panel = a->weights;
  for (size_t first = 0; first < a->outputs; first += 64) {
    const size_t left = a->outputs - first, outputs = left < 64 ? left : 64, vectors = (outputs + 7) / 8;
    for (size_t m = 0; m < a->rows; ++m) {
      columns[vectors](a->input + m * a->input_row_stride, a->inputs, panel,
                       a->output + m * a->output_row_stride + first, outputs, lower, upper);
    }
    panel += (a->inputs + 1) * vectors * 8;
  }
}

#pragma clang attribute pop
#endif
