// Functions of one count of 8 or 16 bits, or of two of 8 bits.
#ifndef FERRY_Q8_ELEMENTWISE_H
#define FERRY_Q8_ELEMENTWISE_H

#include "elementwise.h"
#include "rescaling.h"

typedef enum ferry_table_operation {
  ferry_table_bytes,   // bytes by bytes
  ferry_table_halves,  // elements of two bytes by bytes
  ferry_table_words,   // of four
  ferry_table_bytes_by_halves,   // likewise by elements of two bytes
  ferry_table_halves_by_halves,
  ferry_table_words_by_halves,
} ferry_table_operation;

/// `output[i] = table[input[i]]`, the input's bits read as unsigned: 256 entries for bytes, 65536 for elements of two bytes.
/// Output as wide as the input may be the input.
typedef struct ferry_q8_table_args {
  const void *input;
  const void *table;
  void *output;
  size_t count;
} ferry_q8_table_args;

FERRY_DECLARE_FAMILY(q8_table)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/q8_table.inc"
#undef FERRY_KERNEL

typedef enum ferry_q8_binary_operation {
  ferry_q8_binary_sum,      // rescaled(left + right) of int32 tables, modulo 2^32
  ferry_q8_binary_product,  // rescaled(left * right) likewise
  ferry_q8_binary_real_sum,      // quantized(clamp(left + right)) of float tables
  ferry_q8_binary_real_product,  // quantized(clamp(left * right)) likewise
  ferry_q8_binary_pairs,    // byte left * 256 + right of the left table
} ferry_q8_binary_operation;

/// One output count for each of two operands' counts, each looked up in a table of its own. `quantized(x)` is x / scale,
/// ties to even, plus the zero point, limited to the range of `rescaling`, of which a real operation takes nothing else.
typedef struct ferry_q8_binary_args {
  const uint8_t *left, *right;
  ferry_operand_mode left_mode, right_mode;  // a run or a scalar
  const void *left_table, *right_table;      // [256]
  uint8_t *output;
  size_t count;
  ferry_rescaling rescaling;                 // one channel
  float scale;                               // of the output
  float lower, upper;                        // in real numbers
} ferry_q8_binary_args;

FERRY_DECLARE_FAMILY(q8_binary)
#define FERRY_KERNEL(family, tile, set, ...) FERRY_DECLARE_KERNEL(family, tile, set)
#include "../families/q8_binary.inc"
#undef FERRY_KERNEL

#endif
