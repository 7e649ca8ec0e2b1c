/* Hashes of file content: XXH3 (64 bits) against damage, SHA-256 as a file's identity. */
#ifndef FERRY_HASH_H
#define FERRY_HASH_H

#include <stddef.h>
#include <stdint.h>

/* XXH3, 64 bits, seed 0, default secret (xxhash.com, specification 0.2). */
uint64_t ferry_xxh3_64(const void *bytes, size_t count);

/* The same over bytes that come in pieces; `state` is that many bytes of memory, aligned to 64. */
size_t ferry_xxh3_state_size(void);
void ferry_xxh3_begin(void *state);
void ferry_xxh3_update(void *state, const void *bytes, size_t count);

/* The hash of all pieces since `state` was begun. */
uint64_t ferry_xxh3_digest(const void *state);

/* Where `wanted` first occurs in `bytes`; null where it does not. */
const void *ferry_find(const void *bytes, size_t count, const void *wanted, size_t wanted_count);

/* SHA-256 (FIPS 180-4) into 32 bytes. */
void ferry_sha256(const void *bytes, size_t count, uint8_t *digest);

#endif
