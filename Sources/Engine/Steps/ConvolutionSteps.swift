import CKernels
import ModelGraph

/// A dense convolution of a map that carries its padding.
struct ConvolutionStep: Step {
  struct Window: Sendable {
    let kernel: Size2D
    let strides: Size2D
    let dilation: Size2D
  }

  let kernel: ferry_f32_convolution_kernel
  let input: BufferID
  let weights: BufferID
  let output: BufferID
  let inputMap: MapExtents
  let outputMap: MapExtents
  let window: Window
  let bounds: Bounds
  let lanes: Int

  var kind: String { "convolution" }
  var multiplyAccumulates: Int {
    let window = window.kernel.height * window.kernel.width * inputMap.channels
    return outputMap.batch * outputMap.pixels * outputMap.channels * window
  }

  /// Bands of rows of each map.
  private var bands: Int { lanes == 1 ? 1 : min(outputMap.height, 4 * lanes) }
  var stages: [Int] { [inputMap.batch * bands] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    var arguments = ferry_f32_convolution_args()
    arguments.input_block_stride = inputMap.blockStride
    arguments.input_row_stride = inputMap.width * 8
    arguments.weights = UnsafePointer(memory[weights])
    arguments.output_block_stride = outputMap.blockStride
    arguments.output_width = outputMap.width
    (arguments.input_channels, arguments.output_blocks) = (inputMap.channels, outputMap.blocks)
    (arguments.kernel_height, arguments.kernel_width) = (window.kernel.height, window.kernel.width)
    (arguments.stride_y, arguments.stride_x) = (window.strides.height, window.strides.width)
    (arguments.dilation_y, arguments.dilation_x) = (window.dilation.height, window.dilation.width)
    (arguments.lower, arguments.upper) = (bounds.lower, bounds.upper)
    for unit in units {
      let image = unit / bands
      let rows = Partition(outputMap.height, into: bands)[unit % bands]
      arguments.output_height = rows.count
      arguments.input = UnsafePointer(
        memory[input] + image * inputMap.imageStride
          + rows.lowerBound * window.strides.height * arguments.input_row_stride)
      arguments.output = memory[output] + image * outputMap.imageStride + rows.lowerBound * outputMap.width * 8
      kernel.run(&arguments)
    }
  }
}

/// A depthwise convolution with as many outputs as inputs.
struct DepthwiseStep: Step {
  let layer: DepthwiseLayer
  let input: BufferID
  let output: BufferID
  let inputMap: MapExtents
  let outputMap: MapExtents
  let lanes: Int

  var kind: String { "depthwise convolution" }
  var multiplyAccumulates: Int {
    outputMap.batch * outputMap.pixels * outputMap.channels * layer.window.kernel.height * layer.window.kernel.width
  }

  private var parts: Int { lanes == 1 ? 1 : min(outputMap.blocks, 4 * lanes) }
  var stages: [Int] { [inputMap.batch * parts] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    for unit in units {
      let image = unit / parts
      let blocks = Partition(outputMap.blocks, into: parts)[unit % parts]
      var arguments = layer.arguments(memory, blocks: blocks)
      arguments.input = UnsafePointer(
        memory[input] + image * inputMap.imageStride + blocks.lowerBound * inputMap.blockStride)
      arguments.input_block_stride = inputMap.blockStride
      arguments.input_ring_rows = inputMap.height
      arguments.output =
        memory[output] + image * outputMap.imageStride + blocks.lowerBound * outputMap.blockStride
      arguments.output_block_stride = outputMap.blockStride
      arguments.output_row_end = outputMap.height
      layer.kernel.run(&arguments)
    }
  }
}

/// A 3×3 convolution of a three-channel image where it lies.
struct StemStep: Step {
  let layer: StemLayer
  let scratch: BufferID
  let output: BufferID
  let lanes: Int

  var kind: String { "first convolution" }
  var multiplyAccumulates: Int {
    layer.outputMap.batch * layer.outputMap.pixels * layer.outputMap.channels * 27
  }

  private var bands: Int { lanes == 1 ? 1 : min(layer.outputMap.height, 4 * lanes) }
  var stages: [Int] { [layer.inputMap.batch * bands] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    let map = layer.outputMap
    for unit in units {
      let image = unit / bands
      let rows = Partition(map.height, into: bands)[unit % bands]
      var arguments = layer.arguments(memory, image: image, scratch: memory[scratch] + lane * layer.scratchFloats)
      (arguments.output_row_begin, arguments.output_row_end) = (rows.lowerBound, rows.upperBound)
      arguments.output = memory[output] + image * map.imageStride + rows.lowerBound * map.width * 8
      arguments.output_block_stride = map.blockStride
      layer.kernel.run(&arguments)
    }
  }
}

/// A dense layer over rows.
struct FullyConnectedStep: Step {
  let kernel: ferry_f32_fully_connected_kernel
  let input: BufferID
  let weights: BufferID
  let output: BufferID
  let rows: Int
  let inputs: Int
  let outputs: Int
  let bounds: Bounds
  let lanes: Int

  var kind: String { "dense layer" }
  var multiplyAccumulates: Int { rows * inputs * outputs }

  private var panel: Int { Int(kernel.traits.panel) }
  private var panels: Int { (outputs + panel - 1) / panel }
  private var parts: Int { lanes == 1 ? 1 : min(panels, 4 * lanes) }
  var stages: [Int] { [parts] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    let range = Partition(panels, into: parts)[units]
    let first = range.lowerBound * panel
    var arguments = ferry_f32_fully_connected_args()
    (arguments.input, arguments.input_row_stride) = (UnsafePointer(memory[input]), inputs)
    arguments.weights = UnsafePointer(memory[weights] + first * (inputs + 1))
    (arguments.output, arguments.output_row_stride) = (memory[output] + first, outputs)
    (arguments.rows, arguments.inputs) = (rows, inputs)
    arguments.outputs = min(range.upperBound * panel, outputs) - first
    (arguments.lower, arguments.upper) = (bounds.lower, bounds.upper)
    kernel.run(&arguments)
  }
}
