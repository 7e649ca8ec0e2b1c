#ifndef FERRY_CHILD_PROCESS_H
#define FERRY_CHILD_PROCESS_H

#include <sys/types.h>

/// Starts the program at `path` with `descriptors[i]` as its descriptor i, for i below `count`, and no other descriptor
/// of this process, default signal actions and an empty signal mask.
///
/// Returns 0, or the error number.
int ferry_spawn(
    pid_t *pid, const char *path, char *const arguments[], char *const environment[], const int descriptors[], int count);

/// Makes a pipe, `ends[0]` to read from and `ends[1]` to write to, which a program started at the same time does not get.
///
/// Returns 0, or -1 and sets errno.
int ferry_pipe(int ends[2]);

/// Waits for the end of a child; with `block` 0 it looks only.
///
/// Returns 1 where the child has ended, 0 where it has not, -1 where its status is lost.
/// `signal` becomes the signal that ended it or 0, `code` its exit code.
int ferry_wait(pid_t pid, int block, int *signal, int *code);

/// Sleeps until the child has ended, or `milliseconds` are over; for a moment only where the system cannot tell of the end.
/// The child still has to be waited for.
void ferry_sleep_until_end(pid_t pid, int milliseconds);

/// Ends the child at once.
void ferry_kill(pid_t pid);

/// Lets the system end this process at once when the thread that started it ends, where the system can promise that.
///
/// `ferry_spawn` makes its caller's thread that one; it has to stay until it has waited for the child.
void ferry_end_with_parent(void);

/// Whether somebody can still read what this process writes to the pipe.
int ferry_is_heard(int pipe);

/// Writes the absolute path of the running executable, with a closing NUL; returns its length, or -1.
long ferry_executable_path(char *buffer, size_t size);

#endif
