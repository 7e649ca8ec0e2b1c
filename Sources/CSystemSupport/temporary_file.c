#define _GNU_SOURCE
#include "ferry_temporary_file.h"

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Entries form a list that only grows, as those of mapping_guard.c do: a handler can walk it at any moment without a lock. */
struct ferry_temporary_file {
  struct ferry_temporary_file *next;
  atomic_int state;
  int taken; /* guarded by registry_lock */
  char path[PATH_MAX];
};

/* Who takes an entry from `noted` owns its path: the thread that forgets it, or the handler that removes the file. */
enum { unused, noted, removed };

static _Atomic(ferry_temporary_file *) registry;
static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;

ferry_temporary_file *ferry_note_temporary_file(const char *path) {
  size_t size = strlen(path) + 1;
  if (size > PATH_MAX) return NULL;
  pthread_mutex_lock(&registry_lock);
  ferry_temporary_file *entry = atomic_load(&registry);
  while (entry != NULL && entry->taken) entry = entry->next;
  if (entry == NULL) {
    entry = calloc(1, sizeof *entry);
    if (entry != NULL) {
      entry->next = atomic_load(&registry);
      atomic_store(&registry, entry);
    }
  }
  if (entry != NULL) {
    entry->taken = 1;
    memcpy(entry->path, path, size);
    atomic_store(&entry->state, noted);
  }
  pthread_mutex_unlock(&registry_lock);
  return entry;
}

void ferry_forget_temporary_file(ferry_temporary_file *file) {
  if (file == NULL) return;
  int expected = noted;
  /* Otherwise a handler is at work with the path, and the process about to end: the entry stays. */
  if (!atomic_compare_exchange_strong(&file->state, &expected, unused)) return;
  pthread_mutex_lock(&registry_lock);
  file->taken = 0;
  pthread_mutex_unlock(&registry_lock);
}

void ferry_remove_temporary_files(void) {
  for (ferry_temporary_file *file = atomic_load(&registry); file != NULL; file = file->next) {
    int expected = noted;
    if (atomic_compare_exchange_strong(&file->state, &expected, removed)) unlink(file->path);
  }
}

static void end(int number) {
  ferry_remove_temporary_files();
  /* SA_RESETHAND has put the default action back; the signal is blocked until this returns. */
  raise(number);
}

void ferry_remove_temporary_files_on_signals(void) {
  static const int numbers[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU};
  struct sigaction action, previous;
  memset(&action, 0, sizeof action);
  action.sa_handler = end;
  action.sa_flags = SA_RESETHAND;
  sigfillset(&action.sa_mask);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    if (sigaction(numbers[i], NULL, &previous) != 0) continue;
    if (!(previous.sa_flags & SA_SIGINFO) && previous.sa_handler == SIG_DFL) sigaction(numbers[i], &action, NULL);
  }
}
