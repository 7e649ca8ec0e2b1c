import CKernels
import ModelGraph

/// Softmax over rows of counts.
struct CountSoftmaxStep: SerialStep {
  let kernel: ferry_q8_softmax_kernel
  let input: BufferID
  let output: BufferID
  /// The terms of a fixed softmax, the values of a real one.
  let table: BufferID
  let rows: Int
  let columns: Int
  let flip: UInt8
  /// The largest distance from a row's maximum that has a term.
  let reach: Int32
  let beta: Float
  let scale: Float
  let zeroPoint: Int32
  let range: ClosedRange<Int32>

  func run(_ memory: Memory) {
    var arguments = ferry_q8_softmax_args()
    (arguments.input, arguments.output) = (UnsafePointer(memory.counts(input)), memory.counts(output))
    (arguments.rows, arguments.columns, arguments.flip) = (rows, columns, flip)
    arguments.terms = UnsafePointer(memory.bytes(table).assumingMemoryBound(to: Int32.self))
    arguments.values = UnsafePointer(memory[table])
    (arguments.reach, arguments.beta, arguments.scale) = (reach, beta, scale)
    (arguments.zero_point, arguments.lower, arguments.upper) = (zeroPoint, range.lowerBound, range.upperBound)
    kernel.run(&arguments)
  }
}

/// Where the largest or smallest count of a line stands.
struct CountArgStep: Step {
  let kernel: ferry_q8_arg_kernel
  let input: BufferID
  let output: BufferID
  let outer: Int
  let extent: Int
  let inner: Int
  let flip: UInt8
  let takesLast: Bool
  /// Whether indices take 64 bits.
  let isWide: Bool
  let lanes: Int

  private var parts: Int { min(outer, lanes == 1 ? 1 : 4 * lanes) }
  var stages: [Int] { [parts] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    let range = Partition(outer, into: parts)[units]
    var arguments = ferry_q8_arg_args()
    arguments.input = UnsafePointer(memory.counts(input) + range.lowerBound * extent * inner)
    (arguments.outer, arguments.extent, arguments.inner) = (range.count, extent, inner)
    (arguments.flip, arguments.takes_last) = (flip, takesLast ? 1 : 0)
    let target = memory.bytes(output)
    if isWide {
      arguments.wide = target.assumingMemoryBound(to: Int64.self) + range.lowerBound * inner
    } else {
      arguments.narrow = target.assumingMemoryBound(to: Int32.self) + range.lowerBound * inner
    }
    kernel.run(&arguments)
  }
}

/// A map of counts sampled at another height and width.
struct CountResizeStep: Step {
  let kernel: ferry_q8_resize_kernel
  let input: BufferID
  let output: BufferID
  let inputMap: MapExtents
  let outputMap: MapExtents
  let rows: [ferry_q8_resize_tap]
  let columns: [ferry_q8_resize_tap]
  /// Elements of a pixel as the kernel counts them, and bytes of one.
  let channels: Int
  let width: Int
  let lanes: Int

  private var bands: MapBands { MapBands(outputMap, lanes: lanes) }
  var stages: [Int] { [bands.count] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    var arguments = ferry_q8_resize_args()
    (arguments.input_width, arguments.output_width, arguments.channels) = (inputMap.width, outputMap.width, channels)
    rows.withUnsafeBufferPointer { rows in
      columns.withUnsafeBufferPointer { columns in
        (arguments.rows, arguments.columns) = (rows.baseAddress, columns.baseAddress)
        bands.forEach(units) { image, band in
          (arguments.output_row_begin, arguments.output_row_end) = (band.lowerBound, band.upperBound)
          arguments.input = UnsafeRawPointer(memory.bytes(input) + image * inputMap.pixels * channels * width)
          arguments.output = memory.bytes(output) + image * outputMap.pixels * channels * width
          kernel.run(&arguments)
        }
      }
    }
  }
}
