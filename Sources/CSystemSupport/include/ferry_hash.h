/* Hashes of file content: XXH3 (64 bits) against damage, SHA-256 as a file's identity. */
#ifndef FERRY_HASH_H
#define FERRY_HASH_H

#include <stddef.h>
#include <stdint.h>

/* XXH3, 64 bits, seed 0, default secret (xxhash.com, specification 0.2). */
uint64_t ferry_xxh3_64(const void *bytes, size_t count);

/* SHA-256 (FIPS 180-4) into 32 bytes. */
void ferry_sha256(const void *bytes, size_t count, uint8_t *digest);

#endif
