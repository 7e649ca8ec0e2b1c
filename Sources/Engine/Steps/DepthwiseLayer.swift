import CKernels
import ModelGraph

/// A depthwise convolution with as many outputs as inputs: what stays the same for all rows.
struct DepthwiseLayer: Sendable {
  let kernel: ferry_f32_depthwise_kernel
  let weights: BufferID
  let inputHeight: Int
  let inputWidth: Int
  let outputWidth: Int
  let window: ConvolutionStep.Window
  let top: Int
  let left: Int
  let bounds: Bounds

  /// Floats of the weights of eight channels.
  private var weightStride: Int { (1 + window.kernel.height * window.kernel.width) * 8 }
  /// Input rows from the first to the last that a window covers.
  var reach: Int { (window.kernel.height - 1) * window.dilation.height + 1 }

  /// The input rows under some output rows.
  func inputRows(for rows: Range<Int>) -> Range<Int> {
    let first = max(rows.lowerBound * window.strides.height - top, 0)
    let end = min((rows.upperBound - 1) * window.strides.height - top + reach, inputHeight)
    return min(first, inputHeight)..<max(end, min(first, inputHeight))
  }

  /// Arguments for some blocks and rows of the output; the caller adds the places of input and output.
  func arguments(_ memory: Memory, blocks: Range<Int>) -> ferry_f32_depthwise_args {
    var arguments = ferry_f32_depthwise_args()
    arguments.input_row_stride = inputWidth * 8
    (arguments.input_height, arguments.input_width) = (inputHeight, inputWidth)
    arguments.weights = UnsafePointer(memory[weights] + blocks.lowerBound * weightStride)
    arguments.output_row_stride = outputWidth * 8
    (arguments.output_width, arguments.blocks) = (outputWidth, blocks.count)
    (arguments.kernel_height, arguments.kernel_width) = (window.kernel.height, window.kernel.width)
    (arguments.stride_y, arguments.stride_x) = (window.strides.height, window.strides.width)
    (arguments.dilation_y, arguments.dilation_x) = (window.dilation.height, window.dilation.width)
    (arguments.padding_top, arguments.padding_left) = (top, left)
    (arguments.lower, arguments.upper) = (bounds.lower, bounds.upper)
    return arguments
  }
}
