import CKernels

/// Maps into blocks, or out of them.
struct BlocksStep: SerialStep {
  let kernel: ferry_f32_blocks_kernel
  let input: BufferID
  let output: BufferID
  let map: MapExtents
  /// Strides of the side that is not blocked.
  let imageStride: Int
  let pixelStride: Int
  let channelStride: Int
  let packs: Bool

  func run(_ memory: Memory) {
    var arguments = ferry_f32_blocks_args()
    (arguments.pixels, arguments.channels) = (map.pixels, map.channels)
    (arguments.pixel_stride, arguments.channel_stride) = (pixelStride, channelStride)
    arguments.block_stride = map.blockStride
    for image in 0..<map.batch {
      arguments.input = UnsafePointer(memory[input] + image * (packs ? imageStride : map.imageStride))
      arguments.output = memory[output] + image * (packs ? map.imageStride : imageStride)
      kernel.run(&arguments)
    }
  }
}

/// Elements from one strided place to another.
struct StridedCopyStep: SerialStep {
  let input: BufferID
  let inputOffset: Int
  let inputStrides: [Int]
  let output: BufferID
  let outputOffset: Int
  let outputStrides: [Int]
  let extents: [Int]
  /// Bytes of one element.
  let width: Int

  func run(_ memory: Memory) {
    ferry_copy_strided(
      memory.bytes(input) + inputOffset * width, inputStrides, memory.bytes(output) + outputOffset * width,
      outputStrides, extents, extents.count, width)
  }
}

/// One value everywhere.
struct FillStep: SerialStep {
  let output: BufferID
  let count: Int
  let element: Element

  /// The bits of an element as wide as its case says.
  enum Element: Hashable, Sendable {
    case byte(UInt8)
    case half(UInt16)
    case word(UInt32)
    case long(UInt64)
  }

  func run(_ memory: Memory) {
    let bytes = memory.bytes(output)
    switch element {
    case .byte(let bits): bytes.assumingMemoryBound(to: UInt8.self).update(repeating: bits, count: count)
    case .half(let bits): bytes.assumingMemoryBound(to: UInt16.self).update(repeating: bits, count: count)
    case .word(let bits): bytes.assumingMemoryBound(to: UInt32.self).update(repeating: bits, count: count)
    case .long(let bits): bytes.assumingMemoryBound(to: UInt64.self).update(repeating: bits, count: count)
    }
  }
}

/// A border around each plane.
struct PadStep: SerialStep {
  let input: BufferID
  let output: BufferID
  let inputMap: MapExtents
  let outputMap: MapExtents
  let top: Int
  let left: Int
  let value: Float

  func run(_ memory: Memory) {
    // The blocks of all maps of a batch follow one another at the same distance.
    ferry_f32_pad_planes(
      memory[input], inputMap.blockStride, inputMap.height, inputMap.width, memory[output], outputMap.blockStride,
      outputMap.height, outputMap.width, top, left, inputMap.blocks * inputMap.batch, value)
  }
}

/// A range of channels from one map to another of as many pixels.
struct CopyChannelsStep: SerialStep {
  let input: BufferID
  let inputMap: MapExtents
  let inputChannel: Int
  let output: BufferID
  let outputMap: MapExtents
  let outputChannel: Int
  let channels: Int
  var repeats = 1

  func run(_ memory: Memory) {
    for image in 0..<inputMap.batch {
      ferry_f32_copy_channels(
        memory[input] + image * inputMap.imageStride, inputMap.blockStride, inputChannel,
        memory[output] + image * outputMap.imageStride, outputMap.blockStride, outputChannel, channels, repeats,
        inputMap.pixels)
    }
  }
}

/// Rows of pixels from the planes of one map into those of another.
struct CopyRowsStep: SerialStep {
  let input: BufferID
  let inputMap: MapExtents
  let output: BufferID
  let outputMap: MapExtents
  let outputRow: Int

  func run(_ memory: Memory) {
    for plane in 0..<(inputMap.batch * inputMap.blocks) {
      let target = memory[output] + plane * outputMap.blockStride + outputRow * outputMap.width * 8
      target.update(from: memory[input] + plane * inputMap.blockStride, count: inputMap.blockStride)
    }
  }
}
