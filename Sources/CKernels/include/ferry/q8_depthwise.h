// Depthwise convolution of 8-bit maps [height][width][channels].
#ifndef FERRY_Q8_DEPTHWISE_H
#define FERRY_Q8_DEPTHWISE_H

#include "rescaling.h"
#include "window.h"

/// Channels that weights and biases are padded to a multiple of.
enum { ferry_q8_depthwise_lanes = 16 };

/// As `ferry_q8_convolution_args`, each channel with a filter of its own.
typedef struct ferry_q8_depthwise_args {
  const uint8_t *input;
  size_t input_height, input_width;
  ferry_count_reading reading;
  const int16_t *weights;   // [kernel_height * kernel_width][channels rounded up to 16], less their zero points
  const int32_t *bias;      // [channels rounded up to 16]
  uint8_t *output;          // the first pixel; or null
  int32_t *sums;            // likewise
  size_t channels;
  size_t output_width;
  size_t output_row_begin, output_row_end;
  ferry_window window;
  ferry_rescaling rescaling;
} ferry_q8_depthwise_args;

FERRY_DECLARE_FAMILY(q8_depthwise)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/q8_depthwise.inc"
#undef FERRY_KERNEL

/// Packs bytes `weights` [channels][taps] into [taps][channels rounded up to 16] of int16, less `zero_points` (one a
/// channel, of the flipped counts); channels past the last are zero.
void ferry_q8_pack_depthwise(const void *weights, uint8_t flip, const int16_t *zero_points, size_t channels,
                             size_t taps, int16_t *packed);

#endif
