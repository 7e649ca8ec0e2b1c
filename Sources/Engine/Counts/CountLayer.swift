import CKernels
import ModelGraph

/// A convolution of 8-bit counts, or a dense layer as one: what it reads, and what becomes of its sums.
struct CountLayer: Sendable {
  let input: BufferID
  let weights: BufferID
  let channels: BufferID
  let output: BufferID
  let geometry: CountConvolution
  let reading: CountReading
  let zeroPoints: ZeroPointSource
  let rows: ChannelRows
  /// Nil where the sums themselves are the result.
  let rescaling: Rescaling?

  /// The products of all of its sums.
  var multiplyAccumulates: Int { geometry.outputMap.batch * geometry.outputMap.elements * geometry.depth }

  /// The biases from output channel `first` on.
  func bias(_ memory: Memory, first: Int = 0) -> UnsafePointer<Int32> {
    UnsafePointer(rows.row(0, of: memory.bytes(channels), as: Int32.self) + first)
  }

  /// What becomes of the sums from output channel `first` on; of no use where they are the result.
  func rescaling(_ memory: Memory, first: Int = 0) -> ferry_rescaling {
    rescaling?.arguments(rows, memory.bytes(channels), first: first) ?? ferry_rescaling()
  }

  /// One map of the input, from a channel on.
  func map(_ memory: Memory, _ image: Int, channel: Int = 0) -> UnsafePointer<UInt8> {
    UnsafePointer(memory.counts(input) + image * geometry.inputMap.elements + channel)
  }

  /// One map of the output, from a channel on.
  func results(_ memory: Memory, _ image: Int, channel: Int = 0) -> CountResults {
    CountResults(memory, output, offset: image * geometry.outputMap.elements + channel, isRescaled: rescaling != nil)
  }
}

/// Where sums of products go: rescaled to counts, or as they are.
struct CountResults {
  let counts: UnsafeMutablePointer<UInt8>?
  let sums: UnsafeMutablePointer<Int32>?

  init(_ memory: Memory, _ buffer: BufferID, offset: Int, isRescaled: Bool) {
    counts = isRescaled ? memory.counts(buffer) + offset : nil
    sums = isRescaled ? nil : memory.bytes(buffer).assumingMemoryBound(to: Int32.self) + offset
  }
}
