/// One kernel call, or a few: reads buffers, writes buffers, allocates nothing.
protocol Step: Sendable {
  func run(_ memory: Memory)
}

/// Where each buffer of a plan lies during one run.
struct Memory {
  let bases: UnsafeMutablePointer<UnsafeMutablePointer<Float>>

  subscript(_ buffer: BufferID) -> UnsafeMutablePointer<Float> { bases[buffer.index] }
}
