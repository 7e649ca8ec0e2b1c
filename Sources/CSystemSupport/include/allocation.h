/* How the C library hands out memory. */
#ifndef FERRY_ALLOCATION_H
#define FERRY_ALLOCATION_H

#include <stddef.h>

/* Keeps what is freed for the next allocation, instead of giving each large block back to the system and taking the next
   one, page by page, from it; and asks for large pages for the next `expected` bytes. For a process of one task, which ends
   soon. */
void ferry_keep_freed_memory(size_t expected);

#endif
