#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "child_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif
#include <sys/wait.h>
#include <unistd.h>
#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif

// Duplicates lie above every target number, and as low as that allows: Linux enlarges a table to more than 64 descriptors for a
// process of several threads only after a grace period of its RCU, which takes up to 25 ms.
enum { maximum_descriptors = 16, lowest_duplicate = maximum_descriptors };

int ferry_spawn(
    pid_t *pid, const char *path, char *const arguments[], char *const environment[], const int descriptors[],
    int count) {
  if (count < 0 || count > maximum_descriptors) return EINVAL;
  // The copies lie above every target number, so that no dup2 overwrites a source that a later one needs, and none of
  // them has source and target equal, in which case close-on-exec would stay.
  int copies[maximum_descriptors];
  int made = 0, error = 0;
  for (; made < count; made++) {
    copies[made] = fcntl(descriptors[made], F_DUPFD_CLOEXEC, lowest_duplicate);
    if (copies[made] < 0) {
      error = errno;
      break;
    }
  }
  if (error == 0) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    for (int i = 0; i < count && error == 0; i++) error = posix_spawn_file_actions_adddup2(&actions, copies[i], i);
    short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
#ifdef __APPLE__
    flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#else
    if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(&actions, count);
#endif
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, flags);
    if (error == 0) error = posix_spawn(pid, path, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
  }
  for (int i = 0; i < made; i++) close(copies[i]);
  return error;
}

int ferry_pipe(int ends[2]) {
#ifdef __linux__
  return pipe2(ends, O_CLOEXEC);
#else
  // Without a way to ask for both at once; `ferry_spawn` passes on what it is told to only, whatever the flags are.
  if (pipe(ends) != 0) return -1;
  for (int i = 0; i < 2; i++) (void)fcntl(ends[i], F_SETFD, FD_CLOEXEC);
  return 0;
#endif
}

int ferry_wait(pid_t pid, int block, int *signal, int *code) {
  int status = 0;
  pid_t result;
  do {
    result = waitpid(pid, &status, block ? 0 : WNOHANG);
  } while (result < 0 && errno == EINTR);
  *signal = 0;
  *code = 0;
  if (result == 0) return 0;
  if (result < 0) return -1;
  if (WIFSIGNALED(status)) *signal = WTERMSIG(status);
  if (WIFEXITED(status)) *code = WEXITSTATUS(status);
  return 1;
}

void ferry_sleep_until_end(pid_t pid, int milliseconds) {
#ifdef SYS_pidfd_open
  int descriptor = (int)syscall(SYS_pidfd_open, pid, 0);
  if (descriptor >= 0) {
    struct pollfd end = {.fd = descriptor, .events = POLLIN};
    poll(&end, 1, milliseconds);
    close(descriptor);
    return;
  }
#endif
  (void)pid;
  if (milliseconds > 0) usleep(200);
}

void ferry_kill(pid_t pid) {
  if (pid > 0) kill(pid, SIGKILL);
}

void ferry_end_with_parent(void) {
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
}

int ferry_is_heard(int pipe) {
  // Without a reader, the end for writing is in an error that nobody has to ask for.
  struct pollfd end = {.fd = pipe, .events = 0};
  return poll(&end, 1, 0) <= 0 || (end.revents & POLLERR) == 0;
}

long ferry_executable_path(char *buffer, size_t size) {
  if (size == 0) return -1;
#ifdef __APPLE__
  uint32_t capacity = (uint32_t)size;
  if (_NSGetExecutablePath(buffer, &capacity) != 0) return -1;
  return (long)strlen(buffer);
#else
  ssize_t length = readlink("/proc/self/exe", buffer, size - 1);
  if (length < 0) return -1;
  buffer[length] = 0;
  return (long)length;
#endif
}
