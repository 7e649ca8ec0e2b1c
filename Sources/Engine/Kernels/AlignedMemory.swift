import ModelGraph

/// Memory at an address that suits every vector load and a cache line; written while it is made, read-only after.
final class AlignedMemory: @unchecked Sendable {
  let start: UnsafeMutableRawPointer
  let byteCount: Int

  /// Allocates `byteCount` zeroes and lets `fill` write them.
  init(byteCount: Int, fill: (UnsafeMutableRawPointer) throws(ModelError) -> Void = { _ in }) throws(ModelError) {
    start = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 1), alignment: 64)
    start.initializeMemory(as: UInt8.self, repeating: 0, count: max(byteCount, 1))
    self.byteCount = byteCount
    // An error leaves a complete object: its deinit gives the memory back.
    try fill(start)
  }

  /// Allocates `floats` zeroes and lets `fill` write them.
  convenience init(
    floats: Int, fill: (UnsafeMutablePointer<Float>) throws(ModelError) -> Void = { _ in }
  ) throws(ModelError) {
    try self.init(byteCount: floats * MemoryLayout<Float>.stride) { (start) throws(ModelError) in
      try fill(start.assumingMemoryBound(to: Float.self))
    }
  }

  deinit { start.deallocate() }

  /// The memory as floats.
  var floats: UnsafeMutablePointer<Float> { start.assumingMemoryBound(to: Float.self) }
}
