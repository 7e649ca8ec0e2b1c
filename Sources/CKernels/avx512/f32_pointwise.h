// What the two kernels of pointwise convolution share.
#ifndef FERRY_AVX512_F32_POINTWISE_H
#define FERRY_AVX512_F32_POINTWISE_H

#include "CKernels.h"

/// All products, zeroes or not, from panels of so many blocks of eight channels.
void ferry_f32_pointwise_tiles__avx512(const ferry_f32_pointwise_args *a, size_t panel_blocks);

#endif
