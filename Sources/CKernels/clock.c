#include "ferry/clock.h"

#define FERRY_FOUR(x) x x x x
#define FERRY_SIXTY_FOUR(x) FERRY_FOUR(FERRY_FOUR(FERRY_FOUR(x)))

uint64_t ferry_dependent_additions(uint64_t count) {
  const uint64_t rounds = (count + 63) / 64;
  uint64_t sum = 1;
  for (uint64_t i = 0; i < rounds; ++i) {
    // The compiler must not see that the additions could be one.
#if defined(__x86_64__)
    FERRY_SIXTY_FOUR(__asm__ volatile("add %0, %0" : "+r"(sum));)
#elif defined(__aarch64__)
    FERRY_SIXTY_FOUR(__asm__ volatile("add %0, %0, %0" : "+r"(sum));)
#else
    FERRY_SIXTY_FOUR(__asm__ volatile("" : "+r"(sum)); sum += sum;)
#endif
  }
  return rounds * 64;
}
