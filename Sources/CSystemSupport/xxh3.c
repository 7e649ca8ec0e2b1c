#define _GNU_SOURCE
#define XXH_INLINE_ALL
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "ferry_hash.h"

uint64_t ferry_xxh3_64(const void *bytes, size_t count) {
  return XXH3_64bits(bytes, count);
}

struct ferry_xxh3 {
  XXH3_state_t state;
};

ferry_xxh3 *ferry_xxh3_new(void) {
  void *memory = NULL;
  if (posix_memalign(&memory, _Alignof(ferry_xxh3), sizeof(ferry_xxh3)) != 0) return NULL;
  ferry_xxh3 *hasher = memory;
  XXH3_64bits_reset(&hasher->state);
  return hasher;
}

void ferry_xxh3_update(ferry_xxh3 *hasher, const void *bytes, size_t count) {
  XXH3_64bits_update(&hasher->state, bytes, count);
}

uint64_t ferry_xxh3_finish(ferry_xxh3 *hasher) {
  uint64_t hash = XXH3_64bits_digest(&hasher->state);
  XXH3_64bits_reset(&hasher->state);
  return hash;
}

void ferry_xxh3_free(ferry_xxh3 *hasher) {
  free(hasher);
}

const void *ferry_find(const void *bytes, size_t count, const void *wanted, size_t wanted_count) {
  return memmem(bytes, count, wanted, wanted_count);
}
