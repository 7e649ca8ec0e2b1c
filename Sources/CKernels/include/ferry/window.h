// The windows that an operator on maps moves over its input.
#ifndef FERRY_WINDOW_H
#define FERRY_WINDOW_H

#include <stddef.h>

/// Tap (r, s) of output (y, x) lies at row `y * stride_y + r * dilation_y - padding_top`, likewise its column.
typedef struct ferry_window {
  size_t kernel_height, kernel_width;
  size_t stride_y, stride_x;
  size_t dilation_y, dilation_x;
  size_t padding_top, padding_left;
} ferry_window;

#endif
