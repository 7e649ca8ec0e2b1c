// Functions of one or two 8-bit counts.
#ifndef FERRY_Q8_ELEMENTWISE_H
#define FERRY_Q8_ELEMENTWISE_H

#include "elementwise.h"
#include "rescaling.h"

typedef enum ferry_table_operation {
  ferry_table_bytes,  // 256 bytes
  ferry_table_words,  // 256 elements of four bytes
} ferry_table_operation;

/// `output[i] = table[input[i]]`, the input's bytes as they lie. Output of bytes may be the input.
typedef struct ferry_q8_table_args {
  const uint8_t *input;
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
