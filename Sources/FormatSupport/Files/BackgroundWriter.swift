import Dispatch
public import ModelGraph

/// Appends to a file on a thread of its own while the caller makes what comes next.
///
/// Bytes are gathered in one of two buffers; a full one is handed over, and the other is filled meanwhile. Large pieces that lie
/// somewhere already are handed over as they lie. For one thread; until ``finish()`` nobody else may write to the file.
public final class BackgroundWriter: @unchecked Sendable {
  /// What a buffer holds: little enough to stay in a core's own cache until it is written.
  private static let bufferByteCount = 1 << 19
  /// From so many bytes on a piece is not copied.
  private static let largeByteCount = 1 << 16
  private static let placeCount = 2

  private let file: AtomicFile
  private let buffers: [UnsafeMutableRawBufferPointer]
  private var thread: BackgroundThread?

  // The caller's alone.
  private var filledByteCount = 0
  private var handedOver = 0
  /// Whether the next place was waited for, so that its buffer may be filled.
  private var hasPlace = false

  // A place is written before `filled` is signalled and read after `filled` was waited for; `failure` likewise with `free`.
  private var places: [UnsafeRawBufferPointer?]
  private var failure: ModelError?
  private let free = DispatchSemaphore(value: 0)
  private let filled = DispatchSemaphore(value: 0)

  /// Begins; without a thread of its own the caller's writes.
  public init(_ file: AtomicFile) {
    self.file = file
    buffers = (0..<Self.placeCount).map { _ in .allocate(byteCount: Self.bufferByteCount, alignment: 64) }
    places = [UnsafeRawBufferPointer?](repeating: nil, count: Self.placeCount)
    for _ in 0..<Self.placeCount { free.signal() }
    // The thread ends before the object does: it needs no reference of its own.
    let writer = Unmanaged.passUnretained(self)
    thread = BackgroundThread { writer.takeUnretainedValue().run() }
  }

  deinit {
    endThread()
    for buffer in buffers { buffer.deallocate() }
  }

  /// Memory to make the next bytes in, before they are appended; aligned like the sum of the lengths appended so far.
  ///
  /// - Parameter minimum: as many bytes at least, if a buffer holds as many.
  public func space(_ minimum: Int) throws(ModelError) -> UnsafeMutableRawBufferPointer {
    if Self.bufferByteCount - filledByteCount < minimum { try handOverBuffer() }
    waitForPlace()
    return UnsafeMutableRawBufferPointer(rebasing: buffer[filledByteCount...])
  }

  /// Appends bytes: some at the beginning of what ``space(_:)`` gave last, or some that live until ``finish()``.
  ///
  /// - Throws: what writing earlier ones threw.
  public func append(_ bytes: UnsafeRawBufferPointer) throws(ModelError) {
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
    if hasPlace, let next = buffer.baseAddress, start == UnsafeRawPointer(next + filledByteCount) {
      filledByteCount += bytes.count
    } else if bytes.count < Self.largeByteCount {
      try space(bytes.count).copyMemory(from: bytes)
      filledByteCount += bytes.count
    } else {
      try handOverBuffer()
      try handOver(bytes)
    }
  }

  /// Waits until everything is written.
  ///
  /// - Throws: `.inputOutput` where writing failed.
  public func finish() throws(ModelError) {
    try handOverBuffer()
    endThread()
    if let failure { throw failure }
  }

  /// The buffer of the next place.
  private var buffer: UnsafeMutableRawBufferPointer { buffers[handedOver % Self.placeCount] }

  private func handOverBuffer() throws(ModelError) {
    guard filledByteCount > 0 else { return }
    let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<filledByteCount])
    filledByteCount = 0
    try handOver(bytes)
  }

  private func handOver(_ bytes: UnsafeRawBufferPointer) throws(ModelError) {
    waitForPlace()
    if let failure { throw failure }
    guard thread != nil else {
      try file.write(bytes)
      return
    }
    give(bytes)
  }

  private func waitForPlace() {
    guard thread != nil, !hasPlace else { return }
    free.wait()
    hasPlace = true
  }

  private func give(_ bytes: UnsafeRawBufferPointer?) {
    places[handedOver % Self.placeCount] = bytes
    handedOver += 1
    hasPlace = false
    filled.signal()
  }

  private func endThread() {
    guard let thread else { return }
    waitForPlace()
    give(nil)
    thread.join()
    self.thread = nil
  }

  /// The thread: writes what it is given until it is given nothing.
  private func run() {
    var taken = 0
    while true {
      filled.wait()
      guard let bytes = places[taken % Self.placeCount] else { return }
      taken += 1
      if failure == nil {
        do throws(ModelError) { try file.write(bytes) } catch { failure = error }
      }
      free.signal()
    }
  }
}
