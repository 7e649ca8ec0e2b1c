import Synchronization

/// Something computed by a thread of its own while the caller does something else.
public final class BackgroundWork<Value: Sendable>: Sendable {
  private let work: Work
  private let thread: BackgroundThread?

  /// What the thread works on; it holds this, not the object.
  private final class Work: Sendable {
    private let body: @Sendable () -> Value
    private let computed = Mutex<Value?>(nil)

    init(_ body: @escaping @Sendable () -> Value) { self.body = body }

    func value() -> Value {
      computed.withLock { computed in
        if let computed { return computed }
        let value = body()
        computed = value
        return value
      }
    }
  }

  /// Begins.
  public init(_ body: @escaping @Sendable () -> Value) {
    let work = Work(body)
    self.work = work
    thread = BackgroundThread { _ = work.value() }
  }

  /// What was computed; waits for it. From any thread, any number of times.
  public var value: Value {
    thread?.join()
    // Without a thread of its own the caller's does the work.
    return work.value()
  }
}
