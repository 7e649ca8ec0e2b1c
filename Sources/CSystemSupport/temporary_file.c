#define _GNU_SOURCE
#include "ferry_temporary_file.h"

#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "grow_only_list.h"

struct ferry_temporary_file {
  struct ferry_list_entry entry;
  atomic_int state;
  char path[PATH_MAX];
};

/* Who takes an entry from `noted` owns its path: the thread that forgets it, or the handler that removes the file. */
enum { unused, noted, removed };

static struct ferry_list files = {.lock = PTHREAD_MUTEX_INITIALIZER};

ferry_temporary_file *ferry_note_temporary_file(const char *path) {
  size_t size = strlen(path) + 1;
  if (size > PATH_MAX) return NULL;
  pthread_mutex_lock(&files.lock);
  ferry_temporary_file *file = ferry_list_take(&files, sizeof *file);
  if (file != NULL) {
    memcpy(file->path, path, size);
    atomic_store(&file->state, noted);
  }
  pthread_mutex_unlock(&files.lock);
  return file;
}

void ferry_forget_temporary_file(ferry_temporary_file *file) {
  if (file == NULL) return;
  int expected = noted;
  /* Otherwise a handler is at work with the path, and the process about to end: the entry stays. */
  if (!atomic_compare_exchange_strong(&file->state, &expected, unused)) return;
  pthread_mutex_lock(&files.lock);
  file->entry.taken = 0;
  pthread_mutex_unlock(&files.lock);
}

void ferry_remove_temporary_files(void) {
  for (struct ferry_list_entry *entry = atomic_load(&files.first); entry != NULL; entry = entry->next) {
    ferry_temporary_file *file = (ferry_temporary_file *)entry;
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
