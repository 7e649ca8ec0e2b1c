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

static const ferry_q8_convolution_kernel q8_convolution[] = {
#include "families/q8_convolution.inc"
};
FERRY_TABLE(q8_convolution)

static const ferry_q8_depthwise_kernel q8_depthwise[] = {
#include "families/q8_depthwise.inc"
};
FERRY_TABLE(q8_depthwise)

static const ferry_f32_blocks_kernel f32_blocks[] = {
#include "families/f32_blocks.inc"
};
FERRY_TABLE(f32_blocks)

static const ferry_q8_matmul_kernel q8_matmul[] = {
#include "families/q8_matmul.inc"
};
FERRY_TABLE(q8_matmul)

static const ferry_q8_table_kernel q8_table[] = {
#include "families/q8_table.inc"
};
FERRY_TABLE(q8_table)

static const ferry_q8_binary_kernel q8_binary[] = {
#include "families/q8_binary.inc"
};
FERRY_TABLE(q8_binary)

static const ferry_q8_pool_kernel q8_pool[] = {
#include "families/q8_pool.inc"
};
FERRY_TABLE(q8_pool)

static const ferry_q8_softmax_kernel q8_softmax[] = {
#include "families/q8_softmax.inc"
};
FERRY_TABLE(q8_softmax)

static const ferry_q8_arg_kernel q8_arg[] = {
#include "families/q8_arg.inc"
};
FERRY_TABLE(q8_arg)

static const ferry_q8_resize_kernel q8_resize[] = {
#include "families/q8_resize.inc"
};
FERRY_TABLE(q8_resize)

static const ferry_f32_quantize_kernel f32_quantize[] = {
#include "families/f32_quantize.inc"
};
FERRY_TABLE(f32_quantize)

static const ferry_dequantize_kernel dequantize[] = {
#include "families/dequantize.inc"
};
FERRY_TABLE(dequantize)

static const ferry_f32_quantize_rows_kernel f32_quantize_rows[] = {
#include "families/f32_quantize_rows.inc"
};
FERRY_TABLE(f32_quantize_rows)

static const ferry_q8_reals_kernel q8_reals[] = {
#include "families/q8_reals.inc"
};
FERRY_TABLE(q8_reals)

static const ferry_q16_convolution_kernel q16_convolution[] = {
#include "families/q16_convolution.inc"
};
FERRY_TABLE(q16_convolution)

static const ferry_q16_binary_kernel q16_binary[] = {
#include "families/q16_binary.inc"
};
FERRY_TABLE(q16_binary)

static const ferry_f32_quantize_dynamic_kernel f32_quantize_dynamic[] = {
#include "families/f32_quantize_dynamic.inc"
};
FERRY_TABLE(f32_quantize_dynamic)

static const ferry_q16_softmax_kernel q16_softmax[] = {
#include "families/q16_softmax.inc"
};
FERRY_TABLE(q16_softmax)
