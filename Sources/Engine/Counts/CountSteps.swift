import CKernels
import ModelGraph

/// A function of every count of 8 or 16 bits, looked up.
struct CountTableStep: SerialStep {
  let kernel: ferry_q8_table_kernel
  let input: BufferID
  let table: BufferID
  let output: BufferID
  let count: Int

  func run(_ memory: Memory) {
    var arguments = ferry_q8_table_args()
    arguments.input = UnsafeRawPointer(memory.bytes(input))
    arguments.table = UnsafeRawPointer(memory.bytes(table))
    arguments.output = memory.bytes(output)
    arguments.count = count
    kernel.run(&arguments)
  }
}

/// A function of two counts, run by run: the outer axes step through both, a kernel call covers the innermost.
struct CountBinaryStep: SerialStep {
  /// How results are limited; of a fixed one the multiplier too.
  struct Result: Sendable {
    var multiplier: FixedPointMultiplier?
    var scale: Float = 1
    var bounds = Bounds()
    let zeroPoint: Int32
    let range: ClosedRange<Int32>
  }

  let kernel: ferry_q8_binary_kernel
  let left: BufferID
  let right: BufferID
  let leftTable: BufferID
  let rightTable: BufferID
  let output: BufferID
  let loop: BroadcastLoop
  let result: Result

  func run(_ memory: Memory) {
    var multiplier = result.multiplier?.multiplier ?? 0
    var shift = Int32(result.multiplier?.shift ?? 0)
    withUnsafePointer(to: &multiplier) { multiplier in
      withUnsafePointer(to: &shift) { run(memory, multiplier: multiplier, shift: $0) }
    }
  }

  private func run(_ memory: Memory, multiplier: UnsafePointer<Int32>, shift: UnsafePointer<Int32>) {
    var arguments = ferry_q8_binary_args()
    (arguments.left_mode, arguments.right_mode) = (loop.leftMode, loop.rightMode)
    arguments.left_table = UnsafeRawPointer(memory.bytes(leftTable))
    arguments.right_table = UnsafeRawPointer(memory.bytes(rightTable))
    arguments.count = loop.inner
    arguments.rescaling.rule = result.multiplier == nil ? ferry_rescaling_real : ferry_rescaling_fixed
    (arguments.rescaling.multipliers, arguments.rescaling.shifts) = (multiplier, shift)
    arguments.rescaling.zero_point = result.zeroPoint
    (arguments.rescaling.lower, arguments.rescaling.upper) = (result.range.lowerBound, result.range.upperBound)
    (arguments.scale, arguments.lower, arguments.upper) = (result.scale, result.bounds.lower, result.bounds.upper)
    loop.forEachRun(memory, left, right, to: output, as: UInt8.self) { left, right, output in
      (arguments.left, arguments.right, arguments.output) = (left, right, output)
      kernel.run(&arguments)
    }
  }
}

/// A pool over windows of counts.
struct CountPoolStep: Step {
  let kernel: ferry_q8_pool_kernel
  let input: BufferID
  let output: BufferID
  let pool: CountPool
  let reading: CountReading
  /// Bytes of one count.
  let width: Int
  /// Of a real average; 1 where there is none.
  let factor: Float
  let zeroPoint: Int32
  let range: ClosedRange<Int32>
  let lanes: Int

  private var bands: MapBands { MapBands(pool.outputMap, lanes: lanes) }
  var stages: [Int] { [bands.count] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    let (inputMap, outputMap) = (pool.inputMap, pool.outputMap)
    var arguments = ferry_q8_pool_args()
    (arguments.input_height, arguments.input_width) = (inputMap.height, inputMap.width)
    arguments.reading = reading.arguments
    (arguments.output_width, arguments.channels) = (outputMap.width, outputMap.channels)
    arguments.window = pool.window.arguments(pool.insets)
    (arguments.padding_bottom, arguments.padding_right) = (pool.insets.bottom, pool.insets.right)
    arguments.count_padding = pool.countsPadding ? 1 : 0
    arguments.rescaling.zero_point = zeroPoint
    (arguments.rescaling.lower, arguments.rescaling.upper) = (range.lowerBound, range.upperBound)
    withUnsafePointer(to: factor) { factor in
      arguments.rescaling.factors = factor
      bands.forEach(units) { image, rows in
        (arguments.output_row_begin, arguments.output_row_end) = (rows.lowerBound, rows.upperBound)
        arguments.input = UnsafeRawPointer(memory.bytes(input) + image * inputMap.elements * width)
        arguments.output = memory.bytes(output) + image * outputMap.elements * width
        kernel.run(&arguments)
      }
    }
  }
}

extension Memory {
  /// A buffer of 8-bit counts.
  func counts(_ buffer: BufferID) -> UnsafeMutablePointer<UInt8> {
    bytes(buffer).assumingMemoryBound(to: UInt8.self)
  }
}
