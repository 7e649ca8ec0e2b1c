/* How the C library hands out memory. */
#ifndef FERRY_ALLOCATION_H
#define FERRY_ALLOCATION_H

#include <stddef.h>

/* Keeps what is freed for the next allocation, instead of giving each large block back to the system and taking the next
   one, page by page, from it. For a process of one task, which ends soon. */
void ferry_keep_freed_memory(void);

/* Takes the memory of the next `count` bytes of the heap from the system at once, which takes less time than page by page; for
   a process that is sure to use them. Behind `ferry_keep_freed_memory`. */
void ferry_fill_heap(size_t count);

#endif
