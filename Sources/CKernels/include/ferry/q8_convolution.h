// Convolution of 8-bit maps [height][width][channels]: dense, grouped (a call a group), dense layers (a map of one pixel).
#ifndef FERRY_Q8_CONVOLUTION_H
#define FERRY_Q8_CONVOLUTION_H

#include "rescaling.h"
#include "window.h"

/// `sum[o] = bias[o] + sum over r, s, k of weights[o][r][s][k] * (input[y * stride_y + r * dilation_y - padding_top][...][k] -
/// zero point)`, modulo 2^32; positions outside the map count as zero. The sums of output pixels `pixel_begin ..<
/// pixel_end`, in row-major order, are rescaled to `output` or, where that is null, stored in `sums`.
typedef struct ferry_q8_convolution_args {
  const uint8_t *input;                        // the first pixel's first channel of the group
  size_t input_row_stride, input_pixel_stride; // bytes
  size_t input_height, input_width;
  size_t input_channels;                       // of the group
  ferry_count_reading reading;
  const int16_t *weights;                      // panels: [ceil(depth / 2)][panel][2], less their zero points
  const int32_t *bias;                         // for each output channel, up to whole panels
  uint8_t *output;                             // first pixel's (not `pixel_begin`'s) first channel of the group; or null
  int32_t *sums;                               // likewise
  size_t output_pixel_stride;                  // elements
  size_t outputs;                              // output channels of the group
  size_t output_width;
  size_t pixel_begin, pixel_end;
  ferry_window window;
  int16_t *scratch;                            // [scratch_pixels][depth rounded up to 2]
  size_t scratch_pixels;                       // at least 1
  ferry_rescaling rescaling;
} ferry_q8_convolution_args;

FERRY_DECLARE_FAMILY(q8_convolution)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/q8_convolution.inc"
#undef FERRY_KERNEL

/// Packs bytes `weights` [outputs][depth] into panels of int16, less `zero_points` (one an output, of the flipped counts);
/// outputs past the last and the odd end of a depth are zero.
void ferry_q8_pack_panels(const void *weights, uint8_t flip, const int16_t *zero_points, size_t outputs, size_t depth,
                          size_t panel, int16_t *packed);

#endif
