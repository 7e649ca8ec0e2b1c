/* Names the file whose mapping a bus error hit, and ends the process with an exit code instead of a signal. */
#ifndef FERRY_MAPPING_GUARD_H
#define FERRY_MAPPING_GUARD_H

#include <stddef.h>

/* A registered range of addresses; owned by the registry. */
typedef struct ferry_guarded_mapping ferry_guarded_mapping;

/* Registers [base, base + length) as a mapping of the file `path`. The first call installs a SIGBUS handler: a fault
   inside a registered range prints a message that names the file, removes the temporary files, and ends the process with
   status 74 (EX_IOERR); any other fault goes on to the handler that stood before, or to the default action. Null when memory is exhausted. */
ferry_guarded_mapping *ferry_guard_mapping(const void *base, size_t length, const char *path);

/* Takes a range off the registry; to be called before munmap. */
void ferry_unguard_mapping(ferry_guarded_mapping *mapping);

#endif
