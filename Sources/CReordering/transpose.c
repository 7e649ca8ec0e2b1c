#include <stdint.h>
#include <string.h>

#include "CReordering.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

enum { cache_line = 64 };

/// Four elements each from four places, to four places: column by column becomes row by row. Distances in bytes.
typedef void copy_block(const char *source, size_t apart, char *target, size_t step);

#define DEFINE_COPY_BLOCK(name, element)                                                    \
  ALWAYS_INLINE void name(const char *source, size_t apart, char *target, size_t step) {    \
    typedef element four __attribute__((vector_size(4 * sizeof(element))));                 \
    four in[4], out[4];                                                                     \
    for (int i = 0; i < 4; ++i) memcpy(&in[i], source + i * apart, sizeof in[i]);           \
    const four ab_low = __builtin_shufflevector(in[0], in[1], 0, 4, 1, 5);                  \
    const four ab_high = __builtin_shufflevector(in[0], in[1], 2, 6, 3, 7);                 \
    const four cd_low = __builtin_shufflevector(in[2], in[3], 0, 4, 1, 5);                  \
    const four cd_high = __builtin_shufflevector(in[2], in[3], 2, 6, 3, 7);                 \
    out[0] = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);                           \
    out[1] = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);                           \
    out[2] = __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);                         \
    out[3] = __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);                         \
    for (int i = 0; i < 4; ++i) memcpy(target + i * step, &out[i], sizeof out[i]);          \
  }

DEFINE_COPY_BLOCK(copy_block_1, uint8_t)
DEFINE_COPY_BLOCK(copy_block_2, uint16_t)
DEFINE_COPY_BLOCK(copy_block_4, uint32_t)
DEFINE_COPY_BLOCK(copy_block_8, uint64_t)

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/// In tiles of one cache line each way, so that a line is used whole while it is near.
///
/// The lines of a tile lie far apart in the source, where no processor expects the next one: they are asked for one row of tiles
/// ahead. That more than halves the time of weights that come from memory.
ALWAYS_INLINE void copy_plane(const char *source, size_t apart, char *target, size_t step, size_t rows, size_t columns,
                              size_t width, copy_block copy) {
  const size_t tile = cache_line / width;
  const size_t block_rows = rows - rows % 4, block_columns = columns - columns % 4;
  for (size_t left = 0; left < block_columns; left += tile) {
    const size_t right = smaller(left + tile, block_columns);
    for (size_t top = 0; top < block_rows; top += tile) {
      const size_t bottom = smaller(top + tile, block_rows);
      for (size_t column = right; column < smaller(right + tile, columns); ++column)
        __builtin_prefetch(source + top * width + column * apart);
      for (size_t column = left; column < right; column += 4)
        for (size_t row = top; row < bottom; row += 4)
          copy(source + row * width + column * apart, apart, target + row * step + column * width, step);
    }
  }
  // What no block of four holds.
  for (size_t column = 0; column < columns; ++column)
    for (size_t row = column < block_columns ? block_rows : 0; row < rows; ++row)
      memcpy(target + row * step + column * width, source + row * width + column * apart, width);
}

void ferry_transpose_plane(const void *source, size_t apart, void *target, size_t step, size_t rows, size_t columns,
                           size_t width) {
  switch (width) {
    case 1: copy_plane(source, apart, target, step, rows, columns, 1, copy_block_1); break;
    case 2: copy_plane(source, apart, target, step, rows, columns, 2, copy_block_2); break;
    case 4: copy_plane(source, apart, target, step, rows, columns, 4, copy_block_4); break;
    default: copy_plane(source, apart, target, step, rows, columns, 8, copy_block_8); break;
  }
}
