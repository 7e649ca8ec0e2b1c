// The 3x3 depthwise kernels, undilated: rows in tiles of up to FERRY_LARGEST pixels, the missing taps of a padded edge
// left out at compile time, the missing rows at run time. Include it behind a set's own header, with FERRY_SET its name,
// FERRY_LARGEST the pixels whose sums fit the registers beside three weights, and FERRY_EACH(M, ...) naming each size.

/// Row pointers under a tile's first pixel (its centre tap) with the weights of those rows.
typedef struct tap_rows {
  const float *input[3];
  const float *weights[3];
  size_t count;
} tap_rows;

/// N output pixels at stride S; the first lacks its left tap where L, the last its right one where R.
#define FERRY_THREE(N, S, L, R)                                                 \
  static void three_##N##s##S##L##R(const tap_rows *rows, size_t offset, const float *bias, float *out, float low, \
                                    float high) {                               \
    __m256 sum[N];                                                              \
    FERRY_UNROLL for (int i = 0; i < N; ++i) sum[i] = _mm256_loadu_ps(bias);    \
    for (size_t r = 0; r < rows->count; ++r) {                                  \
      const float *in = rows->input[r] + offset, *w = rows->weights[r];         \
      const __m256 w0 = _mm256_loadu_ps(w), w1 = _mm256_loadu_ps(w + 8), w2 = _mm256_loadu_ps(w + 16); \
      FERRY_UNROLL for (int j = -1; j <= (N - 1) * S + 1; ++j) {                \
        if ((L && j == -1) || (R && j == (N - 1) * S + 1)) continue;            \
        const __m256 x = _mm256_loadu_ps(in + j * 8);                           \
        FERRY_UNROLL for (int i = 0; i < N; ++i) {                              \
          if (j == i * S - 1) sum[i] = _mm256_fmadd_ps(x, w0, sum[i]);          \
          if (j == i * S) sum[i] = _mm256_fmadd_ps(x, w1, sum[i]);              \
          if (j == i * S + 1) sum[i] = _mm256_fmadd_ps(x, w2, sum[i]);          \
        }                                                                       \
      }                                                                         \
    }                                                                           \
    const __m256 lower = _mm256_set1_ps(low), upper = _mm256_set1_ps(high);     \
    FERRY_UNROLL for (int i = 0; i < N; ++i) {                                  \
      _mm256_storeu_ps(out + i * 8, ferry_clamp8(sum[i], lower, upper));        \
    }                                                                           \
  }

#define FERRY_THREE_EDGES(N, S) FERRY_THREE(N, S, 0, 0) FERRY_THREE(N, S, 0, 1) FERRY_THREE(N, S, 1, 0) FERRY_THREE(N, S, 1, 1)
#define FERRY_THREE_ROW(N, S) \
  {{three_##N##s##S##00, three_##N##s##S##01}, {three_##N##s##S##10, three_##N##s##S##11}},

FERRY_EACH(FERRY_THREE_EDGES, 1)
FERRY_EACH(FERRY_THREE_EDGES, 2)

typedef void (*three_function)(const tap_rows *, size_t, const float *, float *, float, float);

/// By stride, tile size, missing left tap, missing right tap.
static const three_function threes[2][FERRY_LARGEST][2][2] = {
    {FERRY_EACH(FERRY_THREE_ROW, 1)},
    {FERRY_EACH(FERRY_THREE_ROW, 2)},
};

/// The rows of one plane that lie under output row `y`, pointing at the centre tap of the first output pixel.
FERRY_INLINE tap_rows three_rows(const ferry_f32_depthwise_args *a, const float *plane, const float *weights, size_t y,
                                 size_t stride) {
  tap_rows rows = {.count = 0};
  // Centre of the first pixel: column 1 - padding_left, which is 0 or 1.
  const float *first = plane + (1 - a->padding_left) * 8;
  for (size_t r = 0; r < 3; ++r) {
    const size_t row = y * stride + r;
    if (row < a->padding_top || row - a->padding_top >= a->input_height) continue;
    size_t line = row - a->padding_top;
    if (a->input_ring_rows < a->input_height) line = (uint32_t)line % (uint32_t)a->input_ring_rows;
    rows.input[rows.count] = first + line * a->input_row_stride;
    rows.weights[rows.count++] = weights + (1 + r * 3) * 8;
  }
  return rows;
}

/// False, with nothing done, where more than the outermost tap on either side is missing.
static int depthwise_three(const ferry_f32_depthwise_args *a, size_t stride) {
  const size_t width = a->output_width;
  if (width == 0) return 1;
  const size_t reach = (width - 1) * stride + 3;
  if (a->padding_left > 1 || reach > a->input_width + a->padding_left + 1) return 0;
  const size_t lacks_left = a->padding_left, lacks_right = reach > a->input_width + a->padding_left;
  const size_t count = (width + FERRY_LARGEST - 1) / FERRY_LARGEST, size = width / count, larger = width % count;
  for (size_t block = 0; block < a->blocks; ++block) {
    const float *plane = a->input + block * a->input_block_stride, *weights = a->weights + block * 80;
    float *out = a->output + block * a->output_block_stride;
    for (size_t y = a->output_row_begin; y < a->output_row_end; ++y, out += a->output_row_stride) {
      const tap_rows rows = three_rows(a, plane, weights, y, stride);
      size_t x = 0;
      for (size_t i = 0; i < count; ++i) {
        const size_t taken = size + (i < larger ? 1 : 0);
        threes[stride - 1][taken - 1][i == 0 && lacks_left][i == count - 1 && lacks_right](
            &rows, x * stride * 8, weights, out + x * 8, a->lower, a->upper);
        x += taken;
      }
    }
  }
  return 1;
}
