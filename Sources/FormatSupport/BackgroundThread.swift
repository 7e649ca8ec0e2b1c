import CSystemSupport
import Synchronization

/// A thread that does one thing beside the caller's.
public final class BackgroundThread: Sendable {
  private let body: @Sendable () -> Void
  /// As an address; nil once the thread has ended, or where there was none to be had.
  private let handle = Mutex<UInt?>(nil)

  /// Begins; nil where the system gives no thread.
  public init?(_ body: @escaping @Sendable () -> Void) {
    self.body = body
    // The thread ends before the object does: it needs no reference of its own.
    let begun = ferry_background_begin(
      { context in
        guard let context else { return }
        Unmanaged<BackgroundThread>.fromOpaque(context).takeUnretainedValue().body()
      }, Unmanaged.passUnretained(self).toOpaque())
    guard let begun else { return nil }
    handle.withLock { $0 = UInt(bitPattern: begun) }
  }

  deinit { join() }

  /// Waits for the thread to end; from any thread, any number of times.
  public func join() {
    handle.withLock { handle in
      if let begun = handle.flatMap(OpaquePointer.init(bitPattern:)) { ferry_background_end(begun) }
      handle = nil
    }
  }
}
