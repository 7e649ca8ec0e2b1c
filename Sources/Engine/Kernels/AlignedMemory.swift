import ModelGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory at an address that suits every vector load and a cache line; written while it is made, read-only after.
final class AlignedMemory: @unchecked Sendable {
  let start: UnsafeMutableRawPointer
  let byteCount: Int
  /// Whose memory it is, where it is not the object's own.
  private let pool: WeightPool?

  /// Allocates `byteCount` zeroes, from a pool where there is one with room, and lets `fill` write them.
  ///
  /// - Parameter isZeroed: false where every byte is written before it is read.
  /// - Throws: `.unsupported` where the system has no such memory; what `fill` throws.
  init(
    byteCount: Int, in pool: WeightPool? = nil, isZeroed: Bool = true,
    fill: (UnsafeMutableRawPointer) throws(ModelError) -> Void = { _ in }
  ) throws(ModelError) {
    if let pool, let pooled = pool.memory(byteCount) {
      self.pool = pool
      start = pooled
    } else {
      self.pool = nil
      start = try Self.allocated(byteCount)
      if isZeroed { start.initializeMemory(as: UInt8.self, repeating: 0, count: max(byteCount, 1)) }
    }
    self.byteCount = byteCount
    // An error leaves a complete object: its deinit gives the memory back.
    try fill(start)
  }

  /// Allocates `floats` zeroes, from a pool where there is one with room, and lets `fill` write them.
  convenience init(
    floats: Int, in pool: WeightPool? = nil, isZeroed: Bool = true,
    fill: (UnsafeMutablePointer<Float>) throws(ModelError) -> Void = { _ in }
  ) throws(ModelError) {
    try self.init(byteCount: floats * MemoryLayout<Float>.stride, in: pool, isZeroed: isZeroed) {
      (start) throws(ModelError) in
      try fill(start.assumingMemoryBound(to: Float.self))
    }
  }

  deinit {
    if pool == nil { free(start) }
  }

  /// Memory that begins at a cache line, for `free`.
  ///
  /// - Throws: `.unsupported` where the system has no such memory: a file may ask for any.
  static func allocated(_ byteCount: Int) throws(ModelError) -> UnsafeMutableRawPointer {
    var start: UnsafeMutableRawPointer?
    guard posix_memalign(&start, 64, max(byteCount, 1)) == 0, let start else {
      throw ModelError(.unsupported, "there is no memory for \(byteCount) bytes")
    }
    return start
  }

  /// The memory as floats.
  var floats: UnsafeMutablePointer<Float> { start.assumingMemoryBound(to: Float.self) }
}
