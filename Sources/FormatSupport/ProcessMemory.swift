import CSystemSupport

/// How a process treats memory.
public enum ProcessMemory {
  /// Keeps what is freed for the next allocation: fresh pages cost more than most of what is done with them. For a process that
  /// does one thing and ends; called once, before it does.
  public static func keepFreed() { ferry_keep_freed_memory() }
}
