// Counts the allocations of the calling thread: a test program that links this gets its malloc family from here.
#ifndef FERRY_ALLOCATION_COUNTER_H
#define FERRY_ALLOCATION_COUNTER_H

#include <stddef.h>

/// Whether allocations can be counted: not beside a sanitizer, nor without the C library whose functions stand behind.
int ferry_counts_allocations(void);

/// Allocations of this thread since it began.
size_t ferry_allocation_count(void);

#endif
