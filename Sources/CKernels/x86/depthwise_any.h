// The depthwise kernel for any window, stride and dilation: output columns of which the same taps lie inside the row run in
// tiles; taps outside it are left out. Include it behind a set's own header, with FERRY_LARGEST the pixels whose sums fit the
// registers and FERRY_EACH(M, ...) naming each size up to it.

/// The input row under kernel row `r` of output row `y`, or null outside the input.
FERRY_INLINE const float *input_row(const ferry_f32_depthwise_args *a, const float *plane, size_t y, size_t r) {
  const size_t row = y * a->stride_y + r * a->dilation_y;
  if (row < a->padding_top || row - a->padding_top >= a->input_height) return 0;
  return plane + (row - a->padding_top) % a->input_ring_rows * a->input_row_stride;
}

/// Output columns of which the same taps of a kernel row lie inside the input row.
typedef struct column_run {
  size_t begin, end;
  size_t first_tap, end_tap;
} column_run;

/// The taps of one output column that lie inside the input row.
FERRY_INLINE void taps_inside(const ferry_f32_depthwise_args *a, size_t x, size_t *first, size_t *end) {
  const size_t column = x * a->stride_x, limit = a->input_width + a->padding_left;
  *first = column >= a->padding_left ? 0 : (a->padding_left - column + a->dilation_x - 1) / a->dilation_x;
  *end = column >= limit ? 0 : (limit - 1 - column) / a->dilation_x + 1;
  if (*end > a->kernel_width) *end = a->kernel_width;
  if (*first > *end) *first = *end;
}

/// The run of columns that begins at `x`, if `x` is inside the output.
static column_run run_from(const ferry_f32_depthwise_args *a, size_t x) {
  column_run run = {.begin = x, .end = x + 1};
  taps_inside(a, x, &run.first_tap, &run.end_tap);
  if (run.first_tap == 0 && run.end_tap == a->kernel_width) {
    const size_t reach = (a->kernel_width - 1) * a->dilation_x;
    run.end = (a->input_width + a->padding_left - reach - 1) / a->stride_x + 1;
  }
  for (; run.end < a->output_width; ++run.end) {
    size_t first, end;
    taps_inside(a, run.end, &first, &end);
    if (first != run.first_tap || end != run.end_tap) break;
  }
  if (run.end > a->output_width) run.end = a->output_width;
  return run;
}

/// N output pixels of one run.
#define FERRY_ANY(N, _)                                                            \
  static void any_##N(const ferry_f32_depthwise_args *a, const column_run *run, const float *plane, size_t y, size_t x, \
                      const float *weights, float *out) {                       \
    __m256 sum[N];                                                              \
    const __m256 bias = _mm256_loadu_ps(weights);                               \
    FERRY_UNROLL for (int i = 0; i < N; ++i) sum[i] = bias;                     \
    const size_t step = a->stride_x * 8;                                        \
    for (size_t r = 0; r < a->kernel_height; ++r) {                             \
      const float *row = input_row(a, plane, y, r);                             \
      if (!row) continue;                                                       \
      const size_t column = x * a->stride_x + run->first_tap * a->dilation_x;   \
      const float *in = row + ((ptrdiff_t)column - (ptrdiff_t)a->padding_left) * 8; \
      const float *w = weights + (1 + r * a->kernel_width + run->first_tap) * 8; \
      for (size_t s = run->first_tap; s < run->end_tap; ++s, in += a->dilation_x * 8, w += 8) { \
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

typedef void (*any_function)(const ferry_f32_depthwise_args *, const column_run *, const float *, size_t, size_t,
                             const float *, float *);

#define FERRY_ANY_NAME(N, _) any_##N,
/// By the pixels of a tile, from one.
static const any_function anys[FERRY_LARGEST] = {FERRY_EACH(FERRY_ANY_NAME, )};

/// One run of one plane, in as few tiles as can be, as even as can be.
FERRY_INLINE void run_columns(const ferry_f32_depthwise_args *a, const column_run *run, const float *plane,
                              const float *weights, float *out) {
  const size_t width = run->end - run->begin, count = (width + FERRY_LARGEST - 1) / FERRY_LARGEST;
  const size_t size = width / count, larger = width % count;
  for (size_t y = a->output_row_begin; y < a->output_row_end; ++y, out += a->output_row_stride) {
    size_t x = run->begin;
    for (size_t i = 0; i < count; ++i) {
      const size_t taken = size + (i < larger ? 1 : 0);
      anys[taken - 1](a, run, plane, y, x, weights, out);
      x += taken;
    }
  }
}

static void depthwise_any(const ferry_f32_depthwise_args *a) {
  enum { most_runs = 16 };
  const size_t weight_stride = (1 + a->kernel_height * a->kernel_width) * 8;
  column_run runs[most_runs];
  for (size_t x = 0; x < a->output_width;) {
    size_t count = 0;
    while (count < most_runs && x < a->output_width) {
      runs[count] = run_from(a, x);
      x = runs[count++].end;
    }
    for (size_t block = 0; block < a->blocks; ++block) {
      const float *plane = a->input + block * a->input_block_stride, *weights = a->weights + block * weight_stride;
      float *out = a->output + block * a->output_block_stride;
      for (size_t i = 0; i < count; ++i) run_columns(a, &runs[i], plane, weights, out);
    }
  }
}
