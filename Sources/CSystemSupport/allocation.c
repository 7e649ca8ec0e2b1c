#define _GNU_SOURCE
#include "allocation.h"

#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

void ferry_keep_freed_memory(void) {
#ifdef __GLIBC__
  /* The largest threshold that the library takes on 64-bit machines: larger blocks are mapped one by one as before. */
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 1 << 20);
#endif
}

void ferry_fill_heap(size_t count) {
#if defined(__GLIBC__) && defined(MADV_POPULATE_WRITE)
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  /* Volatile: a compiler leaves out a block that nobody uses. */
  void *volatile block = malloc(count);
  if (block == NULL) return;
  uintptr_t start = ((uintptr_t)block + page - 1) / page * page, end = ((uintptr_t)block + count) / page * page;
  if (end > start) madvise((void *)start, end - start, MADV_POPULATE_WRITE);
  free(block);
#else
  (void)count;
#endif
}
