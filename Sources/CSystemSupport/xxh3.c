#define _GNU_SOURCE
#define XXH_INLINE_ALL
#include <string.h>
#include <xxhash.h>

#include "ferry_hash.h"

uint64_t ferry_xxh3_64(const void *bytes, size_t count) {
  return XXH3_64bits(bytes, count);
}

uint64_t ferry_xxh3_64_pieces(const ferry_piece *pieces, size_t count) {
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  for (size_t i = 0; i < count; ++i) XXH3_64bits_update(&state, pieces[i].bytes, pieces[i].count);
  return XXH3_64bits_digest(&state);
}

const void *ferry_find(const void *bytes, size_t count, const void *wanted, size_t wanted_count) {
  return memmem(bytes, count, wanted, wanted_count);
}
