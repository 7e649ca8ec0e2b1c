#ifndef FERRY_REORDERING_H
#define FERRY_REORDERING_H

#include <stddef.h>

/// Copies a plane of elements with its two axes exchanged.
///
/// Element (r, c) of `rows` × `columns` goes from `source + r * width + c * apart` to `target + r * step + c * width`: neighbours
/// of the source come to lie `step` bytes apart, and what lay `apart` bytes apart becomes neighbours. `width` is 1, 2, 4 or 8
/// bytes. Neither side has to be aligned; they do not overlap.
void ferry_transpose_plane(const void *source, size_t apart, void *target, size_t step, size_t rows, size_t columns,
                           size_t width);

#endif
