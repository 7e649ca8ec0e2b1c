#ifndef FERRY_GROW_ONLY_LIST_H
#define FERRY_GROW_ONLY_LIST_H

#include <pthread.h>
#include <stddef.h>

/// What an entry of a list begins with.
struct ferry_list_entry {
  struct ferry_list_entry *next;
  int taken; /* guarded by the list's lock */
};

/// A list that only grows: an entry given back is taken again by the next, and none is freed, so that a signal's handler can walk
/// it at any moment without a lock. An entry's own fields say whether the handler has anything to do with it.
struct ferry_list {
  _Atomic(struct ferry_list_entry *) first;
  pthread_mutex_t lock;
};

/// An entry that nobody else has, `size` bytes beginning with its `ferry_list_entry`, the rest as it was given back or zero; NULL
/// without memory. The caller holds the lock.
void *ferry_list_take(struct ferry_list *list, size_t size);

#endif
