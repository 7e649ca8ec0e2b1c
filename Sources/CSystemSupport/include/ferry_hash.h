/* Hashes of file content: XXH3 (64 bits) against damage, SHA-256 as a file's identity. */
#ifndef FERRY_HASH_H
#define FERRY_HASH_H

#include <stddef.h>
#include <stdint.h>

/* XXH3, 64 bits, seed 0, default secret (xxhash.com, specification 0.2). */
uint64_t ferry_xxh3_64(const void *bytes, size_t count);

/* The same over bytes that come in pieces. Null when there is no memory. */
typedef struct ferry_xxh3 ferry_xxh3;
ferry_xxh3 *ferry_xxh3_new(void);
void ferry_xxh3_update(ferry_xxh3 *state, const void *bytes, size_t count);

/* The hash of all pieces since the state was made or finished last; the next piece begins a new one. */
uint64_t ferry_xxh3_finish(ferry_xxh3 *state);
void ferry_xxh3_free(ferry_xxh3 *state);

/* Where `wanted` first occurs in `bytes`; null where it does not. */
const void *ferry_find(const void *bytes, size_t count, const void *wanted, size_t wanted_count);

/* SHA-256 (FIPS 180-4) into 32 bytes. */
void ferry_sha256(const void *bytes, size_t count, uint8_t *digest);

#endif
