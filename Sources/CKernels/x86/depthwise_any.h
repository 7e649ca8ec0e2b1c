// The depthwise kernel for any window, stride and dilation: output pixels whose window lies wholly inside the row run in
// tiles, the ones at the edges take only the taps that exist. Include it behind a set's own header, with FERRY_LARGEST the
// pixels whose sums fit the registers and FERRY_EACH(M, ...) naming each size up to it.

/// The input row under kernel row `r` of output row `y`, or null outside the input.
FERRY_INLINE const float *input_row(const ferry_f32_depthwise_args *a, const float *plane, size_t y, size_t r) {
  const size_t row = y * a->stride_y + r * a->dilation_y;
  if (row < a->padding_top || row - a->padding_top >= a->input_height) return 0;
  return plane + (row - a->padding_top) % a->input_ring_rows * a->input_row_stride;
}

/// One output pixel of any window, taps outside the input left out.
static void edge_pixel(const ferry_f32_depthwise_args *a, const float *plane, size_t y, size_t x, const float *weights,
                       float *out) {
  __m256 sum = _mm256_loadu_ps(weights);
  for (size_t r = 0; r < a->kernel_height; ++r) {
    const float *row = input_row(a, plane, y, r);
    if (!row) continue;
    for (size_t s = 0; s < a->kernel_width; ++s) {
      const size_t column = x * a->stride_x + s * a->dilation_x;
      if (column < a->padding_left || column - a->padding_left >= a->input_width) continue;
      sum = _mm256_fmadd_ps(_mm256_loadu_ps(row + (column - a->padding_left) * 8),
                            _mm256_loadu_ps(weights + (1 + r * a->kernel_width + s) * 8), sum);
    }
  }
  _mm256_storeu_ps(out + x * 8, ferry_clamp8(sum, _mm256_set1_ps(a->lower), _mm256_set1_ps(a->upper)));
}

/// The output columns whose whole window lies inside the input row.
typedef struct inner_range {
  size_t begin, end;
} inner_range;

static inner_range inner_columns(const ferry_f32_depthwise_args *a) {
  const size_t reach = (a->kernel_width - 1) * a->dilation_x;
  inner_range range = {(a->padding_left + a->stride_x - 1) / a->stride_x, 0};
  if (a->input_width + a->padding_left > reach) {
    range.end = (a->input_width + a->padding_left - reach - 1) / a->stride_x + 1;
  }
  if (range.end > a->output_width) range.end = a->output_width;
  if (range.begin > range.end) range.begin = range.end;
  return range;
}

/// N output pixels of any window, all inside the row.
#define FERRY_ANY(N, _)                                                            \
  static void any_##N(const ferry_f32_depthwise_args *a, const float *plane, size_t y, size_t x, \
                      const float *weights, float *out) {                       \
    __m256 sum[N];                                                              \
    const __m256 bias = _mm256_loadu_ps(weights);                               \
    FERRY_UNROLL for (int i = 0; i < N; ++i) sum[i] = bias;                     \
    const size_t step = a->stride_x * 8;                                        \
    for (size_t r = 0; r < a->kernel_height; ++r) {                             \
      const float *row = input_row(a, plane, y, r);                             \
      if (!row) continue;                                                       \
      const float *in = row + (x * a->stride_x - a->padding_left) * 8;          \
      const float *w = weights + (1 + r * a->kernel_width) * 8;                 \
      for (size_t s = 0; s < a->kernel_width; ++s, in += a->dilation_x * 8, w += 8) { \
        const __m256 weight = _mm256_loadu_ps(w);                               \
        FERRY_UNROLL for (int i = 0; i < N; ++i) {                              \
          sum[i] = _mm256_fmadd_ps(_mm256_loadu_ps(in + i * step), weight, sum[i]); \
        }                                                                       \
      }                                                                         \
    }                                                                           \
    const __m256 lower = _mm256_set1_ps(a->lower), upper = _mm256_set1_ps(a->upper); \
    FERRY_UNROLL for (int i = 0; i < N; ++i) {                                  \
      _mm256_storeu_ps(out + (x + i) * 8, ferry_clamp8(sum[i], lower, upper));  \
    }                                                                           \
  }

FERRY_EACH(FERRY_ANY, )

typedef void (*any_function)(const ferry_f32_depthwise_args *, const float *, size_t, size_t, const float *, float *);

#define FERRY_ANY_NAME(N, _) any_##N,
/// By the pixels of a tile, from one.
static const any_function anys[FERRY_LARGEST] = {FERRY_EACH(FERRY_ANY_NAME, )};

static void depthwise_any(const ferry_f32_depthwise_args *a) {
  const size_t weight_stride = (1 + a->kernel_height * a->kernel_width) * 8;
  const inner_range inner = inner_columns(a);
  // As few tiles as can be, as even as can be.
  const size_t width = inner.end - inner.begin, count = (width + FERRY_LARGEST - 1) / FERRY_LARGEST;
  for (size_t block = 0; block < a->blocks; ++block) {
    const float *plane = a->input + block * a->input_block_stride, *weights = a->weights + block * weight_stride;
    float *out = a->output + block * a->output_block_stride;
    for (size_t y = a->output_row_begin; y < a->output_row_end; ++y, out += a->output_row_stride) {
      size_t x = 0;
      for (; x < inner.begin; ++x) edge_pixel(a, plane, y, x, weights, out);
      for (size_t i = 0; i < count; ++i) {
        const size_t taken = width / count + (i < width % count ? 1 : 0);
        anys[taken - 1](a, plane, y, x, weights, out);
        x += taken;
      }
      for (; x < a->output_width; ++x) edge_pixel(a, plane, y, x, weights, out);
    }
  }
}
