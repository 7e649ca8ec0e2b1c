import ModelGraph

/// Memory of an output tensor, used again for the next run when nobody holds the tensor any more: a large piece of fresh
/// memory costs a page fault for every 4 KB.
final class OutputStorage: TensorStorage, @unchecked Sendable {
  let memory: UnsafeMutableRawBufferPointer

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(memory) }

  /// Room for some bytes, which a run writes, every one, before a tensor shows them.
  init(byteCount: Int) { memory = .allocate(byteCount: byteCount, alignment: 64) }

  deinit { memory.deallocate() }
}
