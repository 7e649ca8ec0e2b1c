// Kernels behind run-time dispatch tables: of float32, and of 8-bit counts (q8).
//
// Layouts
//   blocked  [ceil(C/8)][H*W][8]: eight channels of a pixel lie together, a block of eight channels is one plane.
//            The lanes past C in the last block hold anything: no kernel lets them reach a lane that counts.
//   plain    row-major, the last axis contiguous.
//   panels   [width bias][taps*K][width] one after the other, `width` output channels side by side; the last panel is
//            as wide as the output blocks that are left.
//
// No kernel reads or writes outside the extents that its arguments state, needs more than four-byte alignment, keeps
// state, or allocates. A clamp passes NaN through: the bound stands first in each minimum and maximum.
#ifndef FERRY_CKERNELS_H
#define FERRY_CKERNELS_H

#include "ferry/clock.h"
#include "ferry/convolution.h"
#include "ferry/depthwise.h"
#include "ferry/elementwise.h"
#include "ferry/family.h"
#include "ferry/fully_connected.h"
#include "ferry/hybrid.h"
#include "ferry/layout.h"
#include "ferry/pointwise.h"
#include "ferry/pooling.h"
#include "ferry/q16.h"
#include "ferry/q8_convolution.h"
#include "ferry/q8_depthwise.h"
#include "ferry/q8_elementwise.h"
#include "ferry/q8_matmul.h"
#include "ferry/q8_pooling.h"
#include "ferry/q8_rows.h"
#include "ferry/quantize.h"
#include "ferry/rescaling.h"
#include "ferry/resize.h"
#include "ferry/softmax.h"
#include "ferry/stem.h"
#include "ferry/window.h"

#endif
