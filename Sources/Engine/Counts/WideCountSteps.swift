import CKernels
import ModelGraph

/// A convolution of 16-bit counts with weights of 8 bits, or a dense layer as one.
struct WideCountConvolutionStep: Step {
  let kernel: ferry_q16_convolution_kernel
  let input: BufferID
  let weights: BufferID
  let bias: BufferID
  let channels: BufferID
  let output: BufferID
  let geometry: CountConvolution
  let rows: ChannelRows
  let rescaling: Rescaling
  let lanes: Int

  var kind: String { "convolution of 16-bit counts" }
  var multiplyAccumulates: Int {
    geometry.outputMap.batch * geometry.outputMap.pixels * geometry.outputMap.channels * geometry.depth
  }

  private var bands: MapBands { MapBands(geometry.outputMap, lanes: lanes) }
  var stages: [Int] { [bands.count] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    let (inputMap, outputMap) = (geometry.inputMap, geometry.outputMap)
    var arguments = ferry_q16_convolution_args()
    (arguments.input_height, arguments.input_width) = (inputMap.height, inputMap.width)
    (arguments.input_channels, arguments.outputs) = (inputMap.channels, outputMap.channels)
    arguments.weights = UnsafePointer(memory.bytes(weights).assumingMemoryBound(to: Int8.self))
    arguments.bias = UnsafePointer(memory.bytes(bias).assumingMemoryBound(to: Int64.self))
    (arguments.group_inputs, arguments.group_outputs) = (geometry.groupInputs, geometry.groupOutputs)
    arguments.output_width = outputMap.width
    arguments.window = geometry.window.arguments(geometry.insets)
    arguments.rescaling = rescaling.arguments(rows, memory.bytes(channels))
    bands.forEach(units) { image, band in
      (arguments.output_row_begin, arguments.output_row_end) = (band.lowerBound, band.upperBound)
      arguments.input = UnsafePointer(memory.wideCounts(input) + image * inputMap.elements)
      arguments.output = memory.wideCounts(output) + image * outputMap.elements
      kernel.run(&arguments)
    }
  }
}

/// A function of two 16-bit counts.
struct WideCountBinaryStep: SerialStep {
  let kernel: ferry_q16_binary_kernel
  let left: BufferID
  let right: BufferID
  let output: BufferID
  let loop: BroadcastLoop
  let leftFactor: FixedPointMultiplier
  let rightFactor: FixedPointMultiplier
  let outputFactor: FixedPointMultiplier
  let range: ClosedRange<Int32>

  func run(_ memory: Memory) {
    var arguments = ferry_q16_binary_args()
    arguments.left_step = loop.leftMode == ferry_operand_run ? 1 : 0
    arguments.right_step = loop.rightMode == ferry_operand_run ? 1 : 0
    arguments.count = loop.inner
    arguments.left_factor = leftFactor.arguments
    arguments.right_factor = rightFactor.arguments
    arguments.output_factor = outputFactor.arguments
    (arguments.lower, arguments.upper) = (range.lowerBound, range.upperBound)
    loop.forEachRun(memory, left, right, to: output, as: Int16.self) { left, right, output in
      (arguments.left, arguments.right, arguments.output) = (left, right, output)
      kernel.run(&arguments)
    }
  }
}

/// Softmax over rows of 16-bit counts.
struct WideCountSoftmaxStep: SerialStep {
  let kernel: ferry_q16_softmax_kernel
  let input: BufferID
  let output: BufferID
  /// The exponential's 513 points, and those of the reciprocal.
  let exponentials: BufferID
  let reciprocals: BufferID
  let rows: Int
  let columns: Int
  let factor: FixedPointMultiplier

  func run(_ memory: Memory) {
    var arguments = ferry_q16_softmax_args()
    (arguments.input, arguments.output) = (UnsafePointer(memory.wideCounts(input)), memory.wideCounts(output))
    (arguments.rows, arguments.columns, arguments.factor) = (rows, columns, factor.arguments)
    arguments.exponentials = UnsafePointer(memory.bytes(exponentials).assumingMemoryBound(to: Int32.self))
    arguments.reciprocals = UnsafePointer(memory.bytes(reciprocals).assumingMemoryBound(to: Int32.self))
    kernel.run(&arguments)
  }
}

extension FixedPointMultiplier {
  fileprivate var arguments: ferry_fixed_factor { ferry_fixed_factor(multiplier: multiplier, shift: Int32(shift)) }
}

extension Memory {
  /// A buffer of 16-bit counts.
  fileprivate func wideCounts(_ buffer: BufferID) -> UnsafeMutablePointer<Int16> {
    bytes(buffer).assumingMemoryBound(to: Int16.self)
  }
}
