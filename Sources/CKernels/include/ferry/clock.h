// How fast a core runs, measured: neither the system nor the name of the processor says it reliably.
#ifndef FERRY_CLOCK_H
#define FERRY_CLOCK_H

#include <stdint.h>

/// Does `count` (rounded up to a multiple of 64) additions, each of which waits for the one before: one cycle each on every
/// processor of today. Returns how many.
uint64_t ferry_dependent_additions(uint64_t count);

#endif
