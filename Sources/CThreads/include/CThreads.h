// A team of threads that run one function together, for work of microseconds: a thread that waits spins for a bounded
// time, then sleeps in the kernel.
#ifndef FERRY_CTHREADS_H
#define FERRY_CTHREADS_H

#include <stddef.h>
#include <stdint.h>

typedef struct ferry_team ferry_team;

/// Starts `lanes - 1` threads (`lanes` at least 1); the caller of `ferry_team_run` is lane 0. Null when a thread or its
/// memory cannot be had.
ferry_team *ferry_team_create(size_t lanes);

/// Ends the threads. Null is allowed.
void ferry_team_destroy(ferry_team *team);

/// Runs `body(context, lane)` on every lane and returns when all have returned. One caller at a time.
void ferry_team_run(ferry_team *team, void (*body)(void *context, size_t lane), void *context);

/// Within `body`, on every lane alike: nobody passes before all have arrived. What was written before it is seen after it.
void ferry_team_barrier(ferry_team *team);

/// Takes the next number from a counter that the lanes share.
uint32_t ferry_team_claim(uint32_t *counter);

#endif
