import CKernels

/// A map sampled at another height and width.
struct ResizeStep: Step {
  /// Where pixels go that are to lie in another way than in blocks.
  struct Target: Sendable {
    let kernel: ferry_f32_blocks_kernel
    let output: BufferID
    let imageStride: Int
    let pixelStride: Int
    let channelStride: Int
    /// Each lane's rows in blocks.
    let scratch: BufferID
  }

  let kernel: ferry_f32_resize_kernel
  let input: BufferID
  let output: BufferID
  let inputMap: MapExtents
  let outputMap: MapExtents
  let rows: [ferry_resize_tap]
  let columns: [ferry_resize_tap]
  let lanes: Int
  /// Nil where the map stays in blocks, at `output`.
  var target: Target?

  var kind: String { target == nil ? "resize" : "resize into pixels" }

  /// Rows of a few pixels at least.
  private var bands: Int { Partition.parts(of: (outputMap.height * outputMap.width + 63) / 64, lanes: lanes) }
  private var parts: Int { min(bands, outputMap.height) }
  var stages: [Int] { [outputMap.batch * parts] }

  /// Output rows that are made in blocks before they go elsewhere: no more than a quarter of a megabyte, for the
  /// second-level cache, but several, since rows between the same two input rows share what they take from them.
  private var rowsAtOnce: Int { max(1, min(outputMap.height, 8192 / (outputMap.width * outputMap.blocks))) }

  /// Scratch memory of one lane, in whole cache lines.
  var scratchFloats: Int { (outputMap.blocks * rowsAtOnce * outputMap.width * 8 + 15) / 16 * 16 }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    for unit in units {
      let image = unit / parts
      let band = Partition(outputMap.height, into: parts)[unit % parts]
      guard let target else {
        resize(
          memory, image: image, rows: band,
          to: memory[output] + image * outputMap.imageStride + band.lowerBound * outputMap.width * 8,
          blockStride: outputMap.blockStride)
        continue
      }
      let scratch = memory[target.scratch] + lane * scratchFloats
      for first in stride(from: band.lowerBound, to: band.upperBound, by: rowsAtOnce) {
        let rows = first..<min(first + rowsAtOnce, band.upperBound)
        let blockStride = rows.count * outputMap.width * 8
        resize(memory, image: image, rows: rows, to: scratch, blockStride: blockStride)
        var arguments = ferry_f32_blocks_args()
        arguments.input = UnsafePointer(scratch)
        (arguments.pixels, arguments.channels) = (rows.count * outputMap.width, outputMap.channels)
        (arguments.pixel_stride, arguments.channel_stride) = (target.pixelStride, target.channelStride)
        arguments.block_stride = blockStride
        arguments.output =
          memory[target.output] + image * target.imageStride + first * outputMap.width * target.pixelStride
        target.kernel.run(&arguments)
      }
    }
  }

  private func resize(
    _ memory: Memory, image: Int, rows range: Range<Int>, to output: UnsafeMutablePointer<Float>, blockStride: Int
  ) {
    var arguments = ferry_f32_resize_args()
    arguments.input = UnsafePointer(memory[input] + image * inputMap.imageStride)
    arguments.input_block_stride = inputMap.blockStride
    arguments.input_width = inputMap.width
    arguments.output = output
    arguments.output_block_stride = blockStride
    (arguments.output_height, arguments.output_width) = (range.count, outputMap.width)
    arguments.blocks = outputMap.blocks
    rows.withUnsafeBufferPointer { rows in
      columns.withUnsafeBufferPointer { columns in
        arguments.rows = rows.baseAddress.map { $0 + range.lowerBound }
        arguments.columns = columns.baseAddress
        kernel.run(&arguments)
      }
    }
  }
}
