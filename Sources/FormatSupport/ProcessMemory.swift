import CSystemSupport

/// How a process treats memory.
public enum ProcessMemory {
  /// Keeps what is freed for the next allocation: weights are copied several times on their way, and fresh pages cost more
  /// than the copying. For a process that does one thing and ends; called once, at its start.
  public static func keepFreed() { ferry_keep_freed_memory() }
}
