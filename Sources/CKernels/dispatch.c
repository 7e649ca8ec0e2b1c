// The tables, each made from its family's lines, and the machine's instruction set.
#include "CKernels.h"

ferry_isa ferry_machine_isa(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")) {
      return ferry_isa_avx512;
    }
    return ferry_isa_avx2;
  }
#endif
  return ferry_isa_scalar;
}

#define FERRY_KERNEL(family, tile, set, ...) \
  {"ferry_" #family "_" #tile "__" #set, ferry_isa_##set, ferry_##family##_##tile##__##set, {__VA_ARGS__}},

#define FERRY_TABLE(family)                                               \
  const ferry_##family##_kernel *ferry_##family##_kernels(size_t *count) { \
    *count = sizeof(family) / sizeof(family[0]);                          \
    return family;                                                        \
  }

static const ferry_f32_pointwise_kernel f32_pointwise[] = {
#include "families/f32_pointwise.inc"
};
FERRY_TABLE(f32_pointwise)

static const ferry_f32_convolution_kernel f32_convolution[] = {
#include "families/f32_convolution.inc"
};
FERRY_TABLE(f32_convolution)

static const ferry_f32_stem_kernel f32_stem[] = {
#include "families/f32_stem.inc"
};
FERRY_TABLE(f32_stem)

static const ferry_f32_depthwise_kernel f32_depthwise[] = {
#include "families/f32_depthwise.inc"
};
FERRY_TABLE(f32_depthwise)

static const ferry_f32_binary_kernel f32_binary[] = {
#include "families/f32_binary.inc"
};
FERRY_TABLE(f32_binary)

static const ferry_f32_unary_kernel f32_unary[] = {
#include "families/f32_unary.inc"
};
FERRY_TABLE(f32_unary)

static const ferry_f32_pool_kernel f32_pool[] = {
#include "families/f32_pool.inc"
};
FERRY_TABLE(f32_pool)

static const ferry_f32_global_pool_kernel f32_global_pool[] = {
#include "families/f32_global_pool.inc"
};
FERRY_TABLE(f32_global_pool)

static const ferry_f32_fully_connected_kernel f32_fully_connected[] = {
#include "families/f32_fully_connected.inc"
};
FERRY_TABLE(f32_fully_connected)

static const ferry_f32_softmax_kernel f32_softmax[] = {
#include "families/f32_softmax.inc"
};
FERRY_TABLE(f32_softmax)

static const ferry_f32_resize_kernel f32_resize[] = {
#include "families/f32_resize.inc"
};
FERRY_TABLE(f32_resize)

static const ferry_f32_blocks_kernel f32_blocks[] = {
#include "families/f32_blocks.inc"
};
FERRY_TABLE(f32_blocks)
