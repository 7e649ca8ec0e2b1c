#ifndef FERRY_SHARED_MEMORY_H
#define FERRY_SHARED_MEMORY_H

/// A descriptor of an empty file in memory that has no name and closes on exec, or -1.
int ferry_anonymous_file(void);

/// Lets nobody write, grow or shrink the anonymous file any more, where the system can promise that.
///
/// Returns 0, or -1 where another process still holds it mapped for writing.
int ferry_seal_anonymous_file(int descriptor);

#endif
