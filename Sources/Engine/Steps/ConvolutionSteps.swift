import CKernels
import ModelGraph

/// A 1×1 convolution with stride 1.
struct PointwiseStep: Step {
  let kernel: ferry_f32_pointwise_kernel
  let input: BufferID
  let weights: BufferID
  let output: BufferID
  let inputMap: MapExtents
  let outputMap: MapExtents
  let bounds: Bounds

  /// Pixels in one go: their input channels are to stay in the second-level cache while the panels pass over them.
  private var chunk: Int { max(48, 65_536 / inputMap.channels / 6 * 6) }

  func run(_ memory: Memory) {
    var arguments = ferry_f32_pointwise_args()
    arguments.input_block_stride = inputMap.blockStride
    arguments.weights = UnsafePointer(memory[weights])
    arguments.output_block_stride = outputMap.blockStride
    arguments.input_channels = inputMap.channels
    arguments.output_blocks = outputMap.blocks
    (arguments.lower, arguments.upper) = (bounds.lower, bounds.upper)
    for image in 0..<inputMap.batch {
      let source = UnsafePointer(memory[input] + image * inputMap.imageStride)
      let target = memory[output] + image * outputMap.imageStride
      var first = 0
      while first < inputMap.pixels {
        arguments.pixels = min(chunk, inputMap.pixels - first)
        arguments.input = source + first * 8
        arguments.output = target + first * 8
        kernel.run(&arguments)
        first += arguments.pixels
      }
    }
  }
}

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

  func run(_ memory: Memory) {
    var arguments = ferry_f32_convolution_args()
    arguments.input_block_stride = inputMap.blockStride
    arguments.input_row_stride = inputMap.width * 8
    arguments.weights = UnsafePointer(memory[weights])
    arguments.output_block_stride = outputMap.blockStride
    (arguments.output_height, arguments.output_width) = (outputMap.height, outputMap.width)
    (arguments.input_channels, arguments.output_blocks) = (inputMap.channels, outputMap.blocks)
    (arguments.kernel_height, arguments.kernel_width) = (window.kernel.height, window.kernel.width)
    (arguments.stride_y, arguments.stride_x) = (window.strides.height, window.strides.width)
    (arguments.dilation_y, arguments.dilation_x) = (window.dilation.height, window.dilation.width)
    (arguments.lower, arguments.upper) = (bounds.lower, bounds.upper)
    for image in 0..<inputMap.batch {
      arguments.input = UnsafePointer(memory[input] + image * inputMap.imageStride)
      arguments.output = memory[output] + image * outputMap.imageStride
      kernel.run(&arguments)
    }
  }
}

/// A depthwise convolution with as many outputs as inputs.
struct DepthwiseStep: Step {
  let kernel: ferry_f32_depthwise_kernel
  let input: BufferID
  let weights: BufferID
  let output: BufferID
  let inputMap: MapExtents
  let outputMap: MapExtents
  let window: ConvolutionStep.Window
  let top: Int
  let left: Int
  let bounds: Bounds

  func run(_ memory: Memory) {
    var arguments = ferry_f32_depthwise_args()
    (arguments.input_block_stride, arguments.input_row_stride) = (inputMap.blockStride, inputMap.width * 8)
    arguments.input_ring_rows = inputMap.height
    (arguments.input_height, arguments.input_width) = (inputMap.height, inputMap.width)
    arguments.weights = UnsafePointer(memory[weights])
    (arguments.output_block_stride, arguments.output_row_stride) = (outputMap.blockStride, outputMap.width * 8)
    (arguments.output_row_begin, arguments.output_row_end) = (0, outputMap.height)
    (arguments.output_width, arguments.blocks) = (outputMap.width, outputMap.blocks)
    (arguments.kernel_height, arguments.kernel_width) = (window.kernel.height, window.kernel.width)
    (arguments.stride_y, arguments.stride_x) = (window.strides.height, window.strides.width)
    (arguments.dilation_y, arguments.dilation_x) = (window.dilation.height, window.dilation.width)
    (arguments.padding_top, arguments.padding_left) = (top, left)
    (arguments.lower, arguments.upper) = (bounds.lower, bounds.upper)
    for image in 0..<inputMap.batch {
      arguments.input = UnsafePointer(memory[input] + image * inputMap.imageStride)
      arguments.output = memory[output] + image * outputMap.imageStride
      kernel.run(&arguments)
    }
  }
}

/// A 3×3 convolution of a three-channel image where it lies.
struct StemStep: Step {
  struct Strides: Sendable {
    let image: Int
    let row: Int
    let pixel: Int
    let channel: Int

    /// From strides of [N, H, W, C].
    init(_ strides: [Int]) { (image, row, pixel, channel) = (strides[0], strides[1], strides[2], strides[3]) }
  }

  let kernel: ferry_f32_stem_kernel
  let input: BufferID
  let inputStrides: Strides
  let weights: BufferID
  let scratch: BufferID
  let output: BufferID
  let inputMap: MapExtents
  let outputMap: MapExtents
  let stride: Int
  let insets: EdgeInsets
  let bounds: Bounds

  func run(_ memory: Memory) {
    var arguments = ferry_f32_stem_args()
    arguments.input_row_stride = inputStrides.row
    arguments.input_pixel_stride = inputStrides.pixel
    arguments.input_channel_stride = inputStrides.channel
    (arguments.input_height, arguments.input_width) = (inputMap.height, inputMap.width)
    (arguments.padding_top, arguments.padding_left) = (insets.top, insets.left)
    arguments.stride = stride
    arguments.weights = UnsafePointer(memory[weights])
    arguments.output_block_stride = outputMap.blockStride
    (arguments.output_row_begin, arguments.output_row_end) = (0, outputMap.height)
    (arguments.output_width, arguments.output_blocks) = (outputMap.width, outputMap.blocks)
    arguments.scratch = memory[scratch]
    (arguments.lower, arguments.upper) = (bounds.lower, bounds.upper)
    for image in 0..<inputMap.batch {
      arguments.input = UnsafePointer(memory[input] + image * inputStrides.image)
      arguments.output = memory[output] + image * outputMap.imageStride
      kernel.run(&arguments)
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

  func run(_ memory: Memory) {
    var arguments = ferry_f32_fully_connected_args()
    (arguments.input, arguments.input_row_stride) = (UnsafePointer(memory[input]), inputs)
    arguments.weights = UnsafePointer(memory[weights])
    (arguments.output, arguments.output_row_stride) = (memory[output], outputs)
    (arguments.rows, arguments.inputs, arguments.outputs) = (rows, inputs, outputs)
    (arguments.lower, arguments.upper) = (bounds.lower, bounds.upper)
    kernel.run(&arguments)
  }
}
