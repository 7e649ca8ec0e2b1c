import CKernels

/// Maps into blocks, or out of them.
struct BlocksStep: Step {
  let kernel: ferry_f32_blocks_kernel
  let input: BufferID
  let output: BufferID
  let map: MapExtents
  /// Strides of the side that is not blocked.
  let imageStride: Int
  let pixelStride: Int
  let channelStride: Int
  let packs: Bool
  let lanes: Int

  /// Pixels in groups of sixteen.
  private var groups: Int { (map.pixels + 15) / 16 }
  private var parts: Int { Partition.parts(of: groups, lanes: lanes) }
  var stages: [Int] { [map.batch * parts] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    var arguments = ferry_f32_blocks_args()
    arguments.channels = map.channels
    (arguments.pixel_stride, arguments.channel_stride) = (pixelStride, channelStride)
    arguments.block_stride = map.blockStride
    for unit in units {
      let (image, part) = (unit / parts, Partition(groups, into: parts)[unit % parts])
      let pixels = part.lowerBound * 16..<min(part.upperBound * 16, map.pixels)
      arguments.pixels = pixels.count
      let blocked = image * map.imageStride + pixels.lowerBound * 8
      let plain = image * imageStride + pixels.lowerBound * pixelStride
      arguments.input = UnsafePointer(memory[input] + (packs ? plain : blocked))
      arguments.output = memory[output] + (packs ? blocked : plain)
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
struct PadStep: Step {
  let input: BufferID
  let output: BufferID
  let inputMap: MapExtents
  let outputMap: MapExtents
  let top: Int
  let left: Int
  let value: Float
  let lanes: Int

  /// The blocks of all maps of a batch follow one another at the same distance.
  private var planes: Int { inputMap.blocks * inputMap.batch }
  private var parts: Int { Partition.parts(of: planes, lanes: lanes) }
  var stages: [Int] { [parts] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    let planes = Partition(planes, into: parts)[units]
    ferry_f32_pad_planes(
      memory[input] + planes.lowerBound * inputMap.blockStride, inputMap.blockStride, inputMap.height, inputMap.width,
      memory[output] + planes.lowerBound * outputMap.blockStride, outputMap.blockStride, outputMap.height,
      outputMap.width, top, left, planes.count, value)
  }
}

/// A range of channels from one map to another of as many pixels.
struct CopyChannelsStep: Step {
  let input: BufferID
  let inputMap: MapExtents
  let inputChannel: Int
  let output: BufferID
  let outputMap: MapExtents
  let outputChannel: Int
  let channels: Int
  var repeats = 1
  let lanes: Int

  /// Channels in groups of eight input channels' copies.
  private var group: Int { 8 * repeats }
  private var groups: Int { (channels + group - 1) / group }
  private var parts: Int { Partition.parts(of: groups, lanes: lanes) }
  var stages: [Int] { [inputMap.batch * parts] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    for unit in units {
      let (image, part) = (unit / parts, Partition(groups, into: parts)[unit % parts])
      let copied = part.lowerBound * group..<min(part.upperBound * group, channels)
      ferry_f32_copy_channels(
        memory[input] + image * inputMap.imageStride, inputMap.blockStride, inputChannel + part.lowerBound * 8,
        memory[output] + image * outputMap.imageStride, outputMap.blockStride, outputChannel + copied.lowerBound,
        copied.count, repeats, inputMap.pixels)
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
