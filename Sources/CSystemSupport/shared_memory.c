#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "shared_memory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int ferry_anonymous_file(void) {
#ifdef __linux__
  return memfd_create("ferry", MFD_CLOEXEC | MFD_ALLOW_SEALING);
#else
  char path[] = "/tmp/ferry.XXXXXX";
  int descriptor = mkstemp(path);
  if (descriptor < 0) return -1;
  unlink(path);
  fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  return descriptor;
#endif
}

int ferry_seal_anonymous_file(int descriptor) {
#ifdef __linux__
  return fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
#else
  return 0;
#endif
}
