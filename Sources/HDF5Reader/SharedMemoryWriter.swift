import ModelGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Hands out places in the shared memory, one behind the other; the file in memory grows as they are taken.
///
/// The whole of what it may grow to is mapped once; what lies behind its end is never touched.
struct SharedMemoryWriter {
  private let descriptor: Int32
  private let base: UnsafeMutableRawPointer
  private let maximumBytes: Int
  private var used = 0
  /// Every place begins at a multiple of this, a cache line.
  private static let alignment = 64

  init(descriptor: Int32, maximumBytes: Int) throws(ModelError) {
    self.descriptor = descriptor
    self.maximumBytes = maximumBytes
    guard let base = mmap(nil, max(maximumBytes, 1), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
      base != MAP_FAILED
    else {
      throw ModelError(.internalFault, "the HDF5 reader cannot map \(maximumBytes) bytes (error \(errno))")
    }
    self.base = base
  }

  /// `count` new bytes, zero, and where they lie.
  mutating func take(_ count: Int) throws(ModelError) -> (offset: Int, bytes: UnsafeMutableRawBufferPointer) {
    let offset = (used + Self.alignment - 1) / Self.alignment * Self.alignment
    guard count >= 0, offset <= maximumBytes, count <= maximumBytes - offset else {
      throw ModelError(
        .unsupported, "the file's compressed or converted datasets take more than \(maximumBytes) bytes")
    }
    guard ftruncate(descriptor, off_t(offset + count)) == 0 else {
      throw ModelError(.inputOutput, "there is no memory for \(count) bytes of weights (error \(errno))")
    }
    used = offset + count
    return (offset, UnsafeMutableRawBufferPointer(start: base + offset, count: count))
  }
}
