// Moving activations without computing on them; the same for every instruction set.
#include <string.h>

#include "CKernels.h"

void ferry_f32_copy_channels(const float *input, size_t input_block_stride, size_t input_channel, float *output,
                             size_t output_block_stride, size_t output_channel, size_t channels, size_t repeat,
                             size_t pixels) {
  size_t i = 0;
  while (i < channels) {
    const size_t from = input_channel + i / repeat, to = output_channel + i;
    const float *source = input + from / 8 * input_block_stride + from % 8;
    float *target = output + to / 8 * output_block_stride + to % 8;
    if (repeat == 1 && from % 8 == 0 && to % 8 == 0 && channels - i >= 8) {
      memcpy(target, source, pixels * 8 * sizeof(float));
      i += 8;
      continue;
    }
    for (size_t p = 0; p < pixels; ++p) target[p * 8] = source[p * 8];
    i += 1;
  }
}

static void fill(float *target, size_t count, float value) {
  for (size_t i = 0; i < count; ++i) target[i] = value;
}

void ferry_f32_pad_planes(const float *input, size_t input_block_stride, size_t height, size_t width, float *output,
                          size_t output_block_stride, size_t output_height, size_t output_width, size_t top,
                          size_t left, size_t blocks, float value) {
  const size_t right = output_width - left - width, row = output_width * 8;
  for (size_t block = 0; block < blocks; ++block) {
    const float *source = input + block * input_block_stride;
    float *target = output + block * output_block_stride;
    fill(target, top * row, value);
    target += top * row;
    for (size_t y = 0; y < height; ++y, target += row, source += width * 8) {
      fill(target, left * 8, value);
      memcpy(target + left * 8, source, width * 8 * sizeof(float));
      fill(target + (left + width) * 8, right * 8, value);
    }
    fill(target, (output_height - top - height) * row, value);
  }
}

/// Steps `index` through the first `rank` axes of `shape`, last axis fastest, moving each offset by its strides.
static void advance(size_t *index, const size_t *shape, size_t rank, const ptrdiff_t *strides_a, ptrdiff_t *a,
                    const ptrdiff_t *strides_b, ptrdiff_t *b) {
  for (size_t axis = rank; axis-- > 0;) {
    *a += strides_a[axis];
    *b += strides_b[axis];
    if (++index[axis] < shape[axis]) return;
    *a -= strides_a[axis] * (ptrdiff_t)shape[axis];
    *b -= strides_b[axis] * (ptrdiff_t)shape[axis];
    index[axis] = 0;
  }
}

/// With a constant width each copy is one load and one store.
static inline __attribute__((always_inline)) void copy_strided(const void *input, const ptrdiff_t *input_strides,
                                                               void *output, const ptrdiff_t *output_strides,
                                                               const size_t *shape, size_t rank, size_t width) {
  const ptrdiff_t bytes = (ptrdiff_t)width;
  const char *source = input;
  char *target = output;
  if (rank == 0) {
    memcpy(target, source, width);
    return;
  }
  size_t outer = 1;
  for (size_t axis = 0; axis + 1 < rank; ++axis) outer *= shape[axis];
  const size_t inner = shape[rank - 1];
  const ptrdiff_t from = input_strides[rank - 1], to = output_strides[rank - 1];
  size_t index[ferry_maximum_rank] = {0};
  ptrdiff_t a = 0, b = 0;
  for (size_t i = 0; i < outer; ++i) {
    if (from == 1 && to == 1) {
      memcpy(target + b * bytes, source + a * bytes, inner * width);
    } else {
      for (size_t j = 0; j < inner; ++j) {
        memcpy(target + (b + (ptrdiff_t)j * to) * bytes, source + (a + (ptrdiff_t)j * from) * bytes, width);
      }
    }
    advance(index, shape, rank - 1, input_strides, &a, output_strides, &b);
  }
}

void ferry_copy_strided(const void *input, const ptrdiff_t *input_strides, void *output,
                        const ptrdiff_t *output_strides, const size_t *shape, size_t rank, size_t width) {
  switch (width) {
    case 1: copy_strided(input, input_strides, output, output_strides, shape, rank, 1); break;
    case 2: copy_strided(input, input_strides, output, output_strides, shape, rank, 2); break;
    case 4: copy_strided(input, input_strides, output, output_strides, shape, rank, 4); break;
    case 8: copy_strided(input, input_strides, output, output_strides, shape, rank, 8); break;
    default: break;
  }
}

void ferry_f32_reduce_sum(const float *input, const ptrdiff_t *strides, const size_t *shape, size_t kept_rank,
                          size_t rank, double divisor, float *output) {
  size_t kept = 1, reduced = 1;
  for (size_t axis = 0; axis < kept_rank; ++axis) kept *= shape[axis];
  for (size_t axis = kept_rank; axis < rank; ++axis) reduced *= shape[axis];
  const ptrdiff_t none[ferry_maximum_rank] = {0};
  size_t outer[ferry_maximum_rank] = {0};
  ptrdiff_t base = 0, unused = 0;
  for (size_t i = 0; i < kept; ++i) {
    size_t inner[ferry_maximum_rank] = {0};
    ptrdiff_t offset = base;
    double sum = 0;
    for (size_t j = 0; j < reduced; ++j) {
      sum += (double)input[offset];
      advance(inner, shape + kept_rank, rank - kept_rank, strides + kept_rank, &offset, none, &unused);
    }
    output[i] = (float)(sum / divisor);
    advance(outer, shape, kept_rank, strides, &base, none, &unused);
  }
}
