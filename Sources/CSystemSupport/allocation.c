#include "allocation.h"

#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

void ferry_keep_freed_memory(void) {
#ifdef __GLIBC__
  /* The largest threshold that the library takes on 64-bit machines: larger blocks are mapped one by one as before. */
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}
