#include "grow_only_list.h"

#include <stdatomic.h>
#include <stdlib.h>

void *ferry_list_take(struct ferry_list *list, size_t size) {
  struct ferry_list_entry *entry = atomic_load(&list->first);
  while (entry != NULL && entry->taken) entry = entry->next;
  if (entry == NULL) {
    entry = calloc(1, size);
    if (entry == NULL) return NULL;
    entry->next = atomic_load(&list->first);
    atomic_store(&list->first, entry);
  }
  entry->taken = 1;
  return entry;
}
