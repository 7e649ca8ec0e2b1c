// Depthwise convolution: one vector is eight channels of a pixel, tiles of eight pixels.
#if defined(__x86_64__)
#include "avx2.h"

#define FERRY_LARGEST 8
#define FERRY_EACH(M, S) M(1, S) M(2, S) M(3, S) M(4, S) M(5, S) M(6, S) M(7, S) M(8, S)
#include "../x86/depthwise_any.h"
#include "../x86/depthwise_three.h"

void ferry_f32_depthwise_8x8__avx2(const ferry_f32_depthwise_args *a) { depthwise_any(a); }

/// The caller keeps these for 3x3 windows of their stride, undilated.
void ferry_f32_depthwise_8x8k3s1__avx2(const ferry_f32_depthwise_args *a) {
  if (!depthwise_three(a, 1)) depthwise_any(a);
}

void ferry_f32_depthwise_8x8k3s2__avx2(const ferry_f32_depthwise_args *a) {
  if (!depthwise_three(a, 2)) depthwise_any(a);
}

#pragma clang attribute pop
#endif
