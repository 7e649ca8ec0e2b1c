#define _GNU_SOURCE
#include "ferry_mapping_guard.h"
#include "ferry_temporary_file.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grow_only_list.h"

struct ferry_guarded_mapping {
  struct ferry_list_entry entry;
  atomic_uintptr_t base;
  atomic_size_t length; /* zero: not in use, the handler passes over it */
  char *path;
};

static struct ferry_list mappings = {.lock = PTHREAD_MUTEX_INITIALIZER};
static struct sigaction previous_action;
static int handler_installed;

/* Only async-signal-safe calls from here. */
static void put(const char *text) {
  ssize_t ignored = write(STDERR_FILENO, text, strlen(text));
  (void)ignored;
}

/* A file's name is its owner's choice: control characters do not reach the terminal. */
static void put_name(const char *name) {
  char piece[256];
  size_t count = 0;
  for (const unsigned char *c = (const unsigned char *)name; *c != 0 && count < sizeof piece - 1; c++) {
    piece[count++] = (*c < 0x20 || *c == 0x7F) ? '?' : (char)*c;
  }
  piece[count] = 0;
  put(piece);
}

static void handle_bus_error(int number, siginfo_t *info, void *context) {
  uintptr_t address = (uintptr_t)info->si_addr;
  for (struct ferry_list_entry *entry = atomic_load(&mappings.first); entry != NULL; entry = entry->next) {
    ferry_guarded_mapping *m = (ferry_guarded_mapping *)entry;
    uintptr_t base = atomic_load(&m->base);
    size_t length = atomic_load(&m->length);
    if (length == 0 || address < base || address - base >= length) continue;
    put("error: ");
    put_name(m->path);
    put(": input/output: the file became shorter, or could not be read, while it was in use\n");
    ferry_remove_temporary_files();
    _exit(74);
  }
  if (previous_action.sa_flags & SA_SIGINFO) {
    previous_action.sa_sigaction(number, info, context);
  } else if (previous_action.sa_handler != SIG_DFL && previous_action.sa_handler != SIG_IGN) {
    previous_action.sa_handler(number);
  } else {
    /* The faulting instruction runs again on return, now under the default action. */
    signal(SIGBUS, SIG_DFL);
  }
}

ferry_guarded_mapping *ferry_guard_mapping(const void *base, size_t length, const char *path) {
  char *name = strdup(path);
  if (name == NULL) return NULL;
  pthread_mutex_lock(&mappings.lock);
  ferry_guarded_mapping *mapping = ferry_list_take(&mappings, sizeof *mapping);
  if (mapping != NULL) {
    mapping->path = name;
    atomic_store(&mapping->base, (uintptr_t)base);
    atomic_store(&mapping->length, length);
    if (!handler_installed) {
      struct sigaction action;
      memset(&action, 0, sizeof action);
      action.sa_sigaction = handle_bus_error;
      action.sa_flags = SA_SIGINFO | SA_ONSTACK;
      sigemptyset(&action.sa_mask);
      handler_installed = sigaction(SIGBUS, &action, &previous_action) == 0;
    }
  } else {
    free(name);
  }
  pthread_mutex_unlock(&mappings.lock);
  return mapping;
}

void ferry_unguard_mapping(ferry_guarded_mapping *mapping) {
  if (mapping == NULL) return;
  pthread_mutex_lock(&mappings.lock);
  atomic_store(&mapping->length, 0);
  free(mapping->path);
  mapping->path = NULL;
  mapping->entry.taken = 0;
  pthread_mutex_unlock(&mappings.lock);
}
