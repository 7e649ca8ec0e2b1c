import ModelGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory of an output tensor, used again for the next run when nobody holds the tensor any more: a large piece of fresh
/// memory costs a page fault for every 4 KB.
final class OutputStorage: TensorStorage, @unchecked Sendable {
  let memory: UnsafeMutableRawBufferPointer

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(memory) }

  /// Room for some bytes, which a run writes, every one, before a tensor shows them.
  ///
  /// - Throws: `.unsupported` where the system has no such memory.
  init(byteCount: Int) throws(ModelError) {
    memory = UnsafeMutableRawBufferPointer(start: try AlignedMemory.allocated(byteCount), count: byteCount)
  }

  deinit { free(memory.baseAddress) }
}
