// Depthwise convolution with 32 registers: tiles of fourteen pixels of eight channels.
#if defined(__x86_64__)
#include "avx512.h"

#define FERRY_LARGEST 14
#define FERRY_EACH(M, S) \
  M(1, S) M(2, S) M(3, S) M(4, S) M(5, S) M(6, S) M(7, S) M(8, S) M(9, S) M(10, S) M(11, S) M(12, S) M(13, S) M(14, S)
#include "../x86/depthwise_any.h"
#include "../x86/depthwise_three.h"

void ferry_f32_depthwise_14x8__avx512(const ferry_f32_depthwise_args *a) { depthwise_any(a); }

void ferry_f32_depthwise_14x8k3s1__avx512(const ferry_f32_depthwise_args *a) {
  if (!depthwise_three(a, 1)) depthwise_any(a);
}

void ferry_f32_depthwise_14x8k3s2__avx512(const ferry_f32_depthwise_args *a) {
  if (!depthwise_three(a, 2)) depthwise_any(a);
}

#pragma clang attribute pop
#endif
