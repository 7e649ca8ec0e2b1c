#define _GNU_SOURCE
#include "output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* For file systems without an exclusive rename: a hard link is refused where the name exists. */
static int link_and_unlink(const char *from, const char *to) {
  if (link(from, to) != 0) return errno;
  unlink(from);
  return 0;
}

int ferry_rename_exclusively(const char *from, const char *to) {
#if defined(__linux__)
  if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
#elif defined(__APPLE__)
  if (renamex_np(from, to, RENAME_EXCL) == 0) return 0;
  if (errno != ENOTSUP && errno != EINVAL) return errno;
#endif
  return link_and_unlink(from, to);
}

void ferry_start_flushing(int descriptor, long long offset, long long count) {
#ifdef __linux__
  /* A hint: what fails here, fsync reports. */
  (void)sync_file_range(descriptor, offset, count, SYNC_FILE_RANGE_WRITE);
#else
  (void)descriptor, (void)offset, (void)count;
#endif
}
