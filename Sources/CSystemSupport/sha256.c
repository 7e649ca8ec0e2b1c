#include <nettle/sha2.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "ferry_background.h"
#include "ferry_hash.h"

void ferry_sha256(const void *bytes, size_t count, uint8_t *digest) {
  struct sha256_ctx context;
  sha256_init(&context);
  sha256_update(&context, count, bytes);
  sha256_digest(&context, SHA256_DIGEST_SIZE, digest);
}

struct ferry_hashing {
  pthread_mutex_t lock;
  ferry_background *background; /* null when it has ended; guarded by lock */
  const void *bytes;
  size_t count;
  uint8_t digest[SHA256_DIGEST_SIZE];
};

static void hash(void *context) {
  ferry_hashing *hashing = context;
  ferry_sha256(hashing->bytes, hashing->count, hashing->digest);
}

ferry_hashing *ferry_sha256_begin(const void *bytes, size_t count) {
  ferry_hashing *hashing = malloc(sizeof *hashing);
  if (hashing == NULL) return NULL;
  hashing->bytes = bytes;
  hashing->count = count;
  pthread_mutex_init(&hashing->lock, NULL);
  hashing->background = ferry_background_begin(hash, hashing);
  if (hashing->background == NULL) {
    pthread_mutex_destroy(&hashing->lock);
    free(hashing);
    return NULL;
  }
  return hashing;
}

void ferry_sha256_result(ferry_hashing *hashing, uint8_t *digest) {
  pthread_mutex_lock(&hashing->lock);
  if (hashing->background != NULL) ferry_background_end(hashing->background);
  hashing->background = NULL;
  pthread_mutex_unlock(&hashing->lock);
  memcpy(digest, hashing->digest, SHA256_DIGEST_SIZE);
}

void ferry_sha256_free(ferry_hashing *hashing) {
  uint8_t digest[SHA256_DIGEST_SIZE];
  ferry_sha256_result(hashing, digest);
  pthread_mutex_destroy(&hashing->lock);
  free(hashing);
}
