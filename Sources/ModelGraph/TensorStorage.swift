/// Bytes that tensors point into: a mapped file, memory shared with a reader process, or memory of our own.
public protocol TensorStorage: AnyObject, Sendable {
  /// All bytes of the storage, valid while the storage lives, never written after it was made.
  var bytes: UnsafeRawBufferPointer { get }

  /// How many there are, known even where nobody has computed them yet.
  var byteCount: Int { get }
}

extension TensorStorage {
  public var byteCount: Int { bytes.count }
}

/// Memory that belongs to the storage alone.
public final class OwnedStorage: TensorStorage, @unchecked Sendable {
  // Written only by the initialiser's closure; read-only ever after, which is what makes sharing it safe.
  private let memory: UnsafeMutableRawBufferPointer

  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(memory) }

  /// Allocates `byteCount` zeroed bytes, aligned for vector loads, and lets `fill` write them.
  public init(
    byteCount: Int, fill: (UnsafeMutableRawBufferPointer) throws(ModelError) -> Void
  ) throws(ModelError) {
    memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(byteCount, 0), alignment: 64)
    _ = memory.initializeMemory(as: UInt8.self, repeating: 0)
    // An error leaves a complete object: its deinit gives the memory back.
    try fill(memory)
  }

  /// Allocates `byteCount` bytes that nobody has written yet, aligned for vector loads: `fill` has to write all of them.
  public init<Failure: Error>(
    uninitializedByteCount byteCount: Int, fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(byteCount, 0), alignment: 64)
    try fill(memory)
  }

  /// Copies `elements`.
  public init<Element: BitwiseCopyable>(_ elements: [Element]) {
    memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: elements.count * MemoryLayout<Element>.stride, alignment: 64)
    elements.withUnsafeBytes { memory.copyMemory(from: $0) }
  }

  deinit { memory.deallocate() }
}
