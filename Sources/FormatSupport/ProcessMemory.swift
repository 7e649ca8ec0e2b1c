import CSystemSupport

/// How a process treats memory.
public enum ProcessMemory {
  /// Keeps what is freed for the next allocation, in large pages where the system has them: weights are copied on their way,
  /// and fresh pages cost more than the copying. For a process that does one thing and ends; called once, before it does.
  ///
  /// - Parameter expectedByteCount: how much the process is about to allocate, about.
  public static func keepFreed(expectedByteCount: Int) { ferry_keep_freed_memory(max(0, expectedByteCount)) }
}
