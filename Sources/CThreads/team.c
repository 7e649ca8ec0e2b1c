// One generation word orders everything: it moves on when a job is posted and whenever all lanes stand at a barrier.
#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "CThreads.h"

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#else
#include <sched.h>
#endif

/// Words on cache lines of their own: a lane that spins on one must not slow down the writers of another.
typedef struct ferry_word {
  _Alignas(64) _Atomic uint32_t value;
  _Atomic uint32_t sleepers;
} ferry_word;

struct ferry_team {
  ferry_word job;
  ferry_word phase;
  _Alignas(64) _Atomic uint32_t arrived;
  size_t lanes;
  void (*body)(void *, size_t);
  void *context;
  int ends;
  pthread_t *threads;
};

typedef struct ferry_member {
  ferry_team *team;
  size_t lane;
} ferry_member;

/// About 50 µs: longer than any stretch in which one lane waits for another that runs.
enum { spin_limit = 1500 };

static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static void wait_while(ferry_word *word, uint32_t old) {
  for (int i = 0; i < spin_limit; ++i) {
    if (atomic_load_explicit(&word->value, memory_order_acquire) != old) return;
    relax();
  }
  while (atomic_load_explicit(&word->value, memory_order_acquire) == old) {
#if defined(__linux__)
    // Sequentially consistent on both sides: either the sleeper sees the new value or the waker sees the sleeper.
    atomic_fetch_add(&word->sleepers, 1);
    if (atomic_load(&word->value) == old) {
      syscall(SYS_futex, &word->value, FUTEX_WAIT_PRIVATE, old, NULL, NULL, 0);
    }
    atomic_fetch_sub(&word->sleepers, 1);
#else
    sched_yield();
#endif
  }
}

static void advance(ferry_word *word) {
  atomic_fetch_add(&word->value, 1);
#if defined(__linux__)
  if (atomic_load(&word->sleepers) != 0) {
    syscall(SYS_futex, &word->value, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
  }
#endif
}

void ferry_team_barrier(ferry_team *team) {
  if (team->lanes == 1) return;
  const uint32_t phase = atomic_load_explicit(&team->phase.value, memory_order_acquire);
  if (atomic_fetch_add_explicit(&team->arrived, 1, memory_order_acq_rel) + 1 == team->lanes) {
    atomic_store_explicit(&team->arrived, 0, memory_order_relaxed);
    advance(&team->phase);
  } else {
    wait_while(&team->phase, phase);
  }
}

static void *member_main(void *argument) {
  ferry_member member = *(ferry_member *)argument;
  free(argument);
  ferry_team *team = member.team;
  for (uint32_t job = 0;; ++job) {
    wait_while(&team->job, job);
    if (team->ends) return NULL;
    team->body(team->context, member.lane);
    ferry_team_barrier(team);
  }
}

void ferry_team_run(ferry_team *team, void (*body)(void *, size_t), void *context) {
  team->body = body;
  team->context = context;
  if (team->lanes > 1) advance(&team->job);
  body(context, 0);
  ferry_team_barrier(team);
}

ferry_team *ferry_team_create(size_t lanes) {
  if (lanes == 0) return NULL;
  void *memory = NULL;
  if (posix_memalign(&memory, 64, sizeof(ferry_team)) != 0) return NULL;
  ferry_team *team = memory;
  atomic_init(&team->job.value, 0);
  atomic_init(&team->job.sleepers, 0);
  atomic_init(&team->phase.value, 0);
  atomic_init(&team->phase.sleepers, 0);
  atomic_init(&team->arrived, 0);
  team->lanes = 1;
  team->body = NULL;
  team->context = NULL;
  team->ends = 0;
  team->threads = calloc(lanes, sizeof(pthread_t));
  if (!team->threads) {
    free(team);
    return NULL;
  }
  // The threads only look at the number of lanes once a job is posted: it may grow until then.
  for (size_t lane = 1; lane < lanes; ++lane) {
    ferry_member *member = malloc(sizeof *member);
    if (member) *member = (ferry_member){team, lane};
    if (!member || pthread_create(&team->threads[lane], NULL, member_main, member) != 0) {
      free(member);
      ferry_team_destroy(team);
      return NULL;
    }
    team->lanes = lane + 1;
  }
  return team;
}

void ferry_team_destroy(ferry_team *team) {
  if (!team) return;
  team->ends = 1;
  if (team->lanes > 1) advance(&team->job);
  for (size_t lane = 1; lane < team->lanes; ++lane) pthread_join(team->threads[lane], NULL);
  free(team->threads);
  free(team);
}

uint32_t ferry_team_claim(uint32_t *counter) { return __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED); }
