import ModelGraph

/// Floats at an address that suits every vector load and a cache line; written while they are made, read-only after.
final class AlignedFloats: @unchecked Sendable {
  let start: UnsafeMutablePointer<Float>
  let count: Int

  /// Allocates `count` zeroes and lets `fill` write them.
  init(count: Int, fill: (UnsafeMutablePointer<Float>) throws(ModelError) -> Void) throws(ModelError) {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: 64)
    start = memory.bindMemory(to: Float.self, capacity: max(count, 1))
    start.update(repeating: 0, count: max(count, 1))
    self.count = count
    // An error leaves a complete object: its deinit gives the memory back.
    try fill(start)
  }

  deinit { UnsafeMutableRawPointer(start).deallocate() }
}
