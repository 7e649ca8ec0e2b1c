// Moving activations: between layouts, into padded planes, between channel ranges, along permuted axes.
#ifndef FERRY_LAYOUT_H
#define FERRY_LAYOUT_H

#include "family.h"

/// Pixels whose channels lie `channel_stride` apart, to or from blocked planes.
typedef struct ferry_f32_blocks_args {
  const float *input;
  float *output;
  size_t pixels, channels;
  size_t pixel_stride, channel_stride;  // of the side that is not blocked, in floats
  size_t block_stride;                  // of the blocked side, in floats
} ferry_f32_blocks_args;

/// Into blocked planes (`pack`, which zeroes the lanes past the channels) or out of them (`unpack`).
typedef enum ferry_blocks_operation {
  ferry_blocks_pack,
  ferry_blocks_unpack,
} ferry_blocks_operation;

FERRY_DECLARE_FAMILY(f32_blocks)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/f32_blocks.inc"
#undef FERRY_KERNEL

/// Copies `channels` channels of blocked planes to other planes: output channel `output_channel + i` takes input
/// channel `input_channel + i / repeat`. Other lanes of the output are left as they are.
void ferry_f32_copy_channels(const float *input, size_t input_block_stride, size_t input_channel, float *output,
                             size_t output_block_stride, size_t output_channel, size_t channels, size_t repeat,
                             size_t pixels);

/// Writes each of `blocks` planes [height][width][8] into the middle of a larger one whose border is `value`.
void ferry_f32_pad_planes(const float *input, size_t input_block_stride, size_t height, size_t width, float *output,
                          size_t output_block_stride, size_t output_height, size_t output_width, size_t top,
                          size_t left, size_t blocks, float value);

enum { ferry_maximum_rank = 8 };

/// Copies `shape[0] x … x shape[rank - 1]` elements of `width` (1, 2, 4 or 8) bytes between strided places; a stride
/// counts elements and may be zero or negative. `rank` is at most `ferry_maximum_rank`.
void ferry_copy_strided(const void *input, const ptrdiff_t *input_strides, void *output,
                        const ptrdiff_t *output_strides, const size_t *shape, size_t rank, size_t width);

/// Sums (or means) a strided range: `output[i] = sum over the reduced axes`, accumulated in double precision and
/// divided by `divisor`. The kept axes come first in `shape`; the output is contiguous.
void ferry_f32_reduce_sum(const float *input, const ptrdiff_t *strides, const size_t *shape, size_t kept_rank,
                          size_t rank, double divisor, float *output);

#endif
