public import ModelGraph

/// Appends to a file on a thread of its own while the caller makes what comes next.
///
/// Bytes are gathered in one of two buffers; a full one is handed over, and the other is filled meanwhile. Large pieces that lie
/// somewhere already are handed over as they lie. For one thread; until ``finish()`` nobody else may write to the file.
public final class BackgroundWriter {
  /// What a buffer holds: little enough to stay in a core's own cache until it is written.
  private static let bufferByteCount = 1 << 19
  /// From so many bytes on a piece is not copied.
  private static let largeByteCount = 1 << 16

  private let file: AtomicFile
  /// What the thread works on; it holds this, not the writer.
  private let queue: PieceQueue
  private var thread: BackgroundThread?
  /// One a place of the queue.
  private let buffers: [UnsafeMutableRawBufferPointer]
  private var filledByteCount = 0
  private var handedOver = 0
  /// Whether the next place was waited for, so that its buffer may be filled.
  private var hasPlace = false

  /// Begins; without a thread of its own the caller's writes.
  public init(_ file: AtomicFile) {
    self.file = file
    let queue = PieceQueue(file)
    self.queue = queue
    buffers = (0..<PieceQueue.placeCount).map { _ in .allocate(byteCount: Self.bufferByteCount, alignment: 64) }
    thread = BackgroundThread { queue.writeAll() }
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
    try queue.throwFailure()
  }

  /// The buffer of the next place.
  private var buffer: UnsafeMutableRawBufferPointer { buffers[handedOver % PieceQueue.placeCount] }

  private func handOverBuffer() throws(ModelError) {
    guard filledByteCount > 0 else { return }
    let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<filledByteCount])
    filledByteCount = 0
    try handOver(bytes)
  }

  private func handOver(_ bytes: UnsafeRawBufferPointer) throws(ModelError) {
    waitForPlace()
    try queue.throwFailure()
    if thread == nil { try file.write(bytes) } else { give(bytes) }
  }

  private func waitForPlace() {
    guard thread != nil, !hasPlace else { return }
    queue.waitForPlace()
    hasPlace = true
  }

  private func give(_ bytes: UnsafeRawBufferPointer?) {
    queue.put(bytes, number: handedOver)
    handedOver += 1
    hasPlace = false
  }

  private func endThread() {
    guard let thread else { return }
    waitForPlace()
    give(nil)
    thread.join()
    self.thread = nil
  }
}
