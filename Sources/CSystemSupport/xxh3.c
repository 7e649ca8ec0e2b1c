#define _GNU_SOURCE
#define XXH_INLINE_ALL
#include <string.h>
#include <xxhash.h>

#include "ferry_hash.h"

uint64_t ferry_xxh3_64(const void *bytes, size_t count) {
  return XXH3_64bits(bytes, count);
}

size_t ferry_xxh3_state_size(void) {
  return sizeof(XXH3_state_t);
}

void ferry_xxh3_begin(void *state) {
  XXH3_64bits_reset(state);
}

void ferry_xxh3_update(void *state, const void *bytes, size_t count) {
  XXH3_64bits_update(state, bytes, count);
}

uint64_t ferry_xxh3_digest(const void *state) {
  return XXH3_64bits_digest(state);
}

const void *ferry_find(const void *bytes, size_t count, const void *wanted, size_t wanted_count) {
  return memmem(bytes, count, wanted, wanted_count);
}
