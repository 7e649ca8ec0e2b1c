// Functions of 8-bit counts, one element at a time.
#include "../counts/rescale.h"
#include "scalar.h"

#define FERRY_Q8_TABLE(name, index, entry)                                      \
  void ferry_q8_table_##name##__scalar(const ferry_q8_table_args *a) {          \
    const index *input = a->input;                                              \
    const entry *table = a->table;                                              \
    entry *output = a->output;                                                  \
    for (size_t i = 0; i < a->count; ++i) output[i] = table[input[i]];          \
  }

FERRY_Q8_TABLE(bytes, uint8_t, uint8_t)
FERRY_Q8_TABLE(halves, uint8_t, uint16_t)
FERRY_Q8_TABLE(words, uint8_t, uint32_t)
FERRY_Q8_TABLE(bytes_by_halves, uint16_t, uint8_t)
FERRY_Q8_TABLE(halves_by_halves, uint16_t, uint16_t)
FERRY_Q8_TABLE(words_by_halves, uint16_t, uint32_t)

/// `result` in terms of the tables' entries l and r.
#define FERRY_Q8_BINARY(name, type, result)                                     \
  void ferry_q8_binary_##name##__scalar(const ferry_q8_binary_args *a) {        \
    const type *left = a->left_table, *right = a->right_table;                  \
    for (size_t i = 0; i < a->count; ++i) {                                     \
      const type l = left[a->left[a->left_mode == ferry_operand_run ? i : 0]];  \
      const type r = right[a->right[a->right_mode == ferry_operand_run ? i : 0]]; \
      a->output[i] = (uint8_t)(result);                                         \
    }                                                                           \
  }

FERRY_Q8_BINARY(sum, uint32_t, ferry_rescaled(&a->rescaling, (int32_t)(l + r), 0))
FERRY_Q8_BINARY(product, uint32_t, ferry_rescaled(&a->rescaling, (int32_t)(l * r), 0))
FERRY_Q8_BINARY(real_sum, float, ferry_quantized(ferry_clamp(l + r, a->lower, a->upper), a->scale, &a->rescaling))
FERRY_Q8_BINARY(real_product, float, ferry_quantized(ferry_clamp(l * r, a->lower, a->upper), a->scale, &a->rescaling))

void ferry_q8_binary_pairs__scalar(const ferry_q8_binary_args *a) {
  const uint8_t *table = a->left_table;
  for (size_t i = 0; i < a->count; ++i) {
    const size_t l = a->left[a->left_mode == ferry_operand_run ? i : 0];
    const size_t r = a->right[a->right_mode == ferry_operand_run ? i : 0];
    a->output[i] = table[l * 256 + r];
  }
}
