import CKernels
import ModelGraph

/// A pool over windows.
struct PoolStep: Step {
  let kernel: ferry_f32_pool_kernel
  let input: BufferID
  let output: BufferID
  let inputMap: MapExtents
  let outputMap: MapExtents
  let window: ConvolutionStep.Window
  let insets: EdgeInsets
  let countsPadding: Bool
  let bounds: Bounds
  let lanes: Int

  /// The blocks of all maps of a batch follow one another at the same distance.
  private var blocks: Int { inputMap.blocks * inputMap.batch }
  private var parts: Int { Partition.parts(of: blocks, lanes: lanes) }
  var stages: [Int] { [parts] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    let range = Partition(blocks, into: parts)[units]
    var arguments = ferry_f32_pool_args()
    arguments.input_block_stride = inputMap.blockStride
    (arguments.input_height, arguments.input_width) = (inputMap.height, inputMap.width)
    arguments.output_block_stride = outputMap.blockStride
    (arguments.output_height, arguments.output_width) = (outputMap.height, outputMap.width)
    (arguments.kernel_height, arguments.kernel_width) = (window.kernel.height, window.kernel.width)
    (arguments.stride_y, arguments.stride_x) = (window.strides.height, window.strides.width)
    (arguments.dilation_y, arguments.dilation_x) = (window.dilation.height, window.dilation.width)
    (arguments.padding_top, arguments.padding_left) = (insets.top, insets.left)
    (arguments.padding_bottom, arguments.padding_right) = (insets.bottom, insets.right)
    arguments.count_padding = countsPadding ? 1 : 0
    (arguments.lower, arguments.upper) = (bounds.lower, bounds.upper)
    arguments.blocks = range.count
    arguments.input = UnsafePointer(memory[input] + range.lowerBound * inputMap.blockStride)
    arguments.output = memory[output] + range.lowerBound * outputMap.blockStride
    kernel.run(&arguments)
  }
}

/// A pool over the whole map, one pixel a map out of it.
struct GlobalPoolStep: Step {
  let kernel: ferry_f32_global_pool_kernel
  let input: BufferID
  let output: BufferID
  let inputMap: MapExtents
  let lanes: Int

  /// The blocks of all maps of a batch follow one another at the same distance.
  private var blocks: Int { inputMap.blocks * inputMap.batch }
  private var parts: Int { min(blocks, lanes) }
  var stages: [Int] { [parts] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    let range = Partition(blocks, into: parts)[units]
    var arguments = ferry_f32_global_pool_args()
    arguments.input = UnsafePointer(memory[input] + range.lowerBound * inputMap.blockStride)
    arguments.input_block_stride = inputMap.blockStride
    arguments.pixels = inputMap.pixels
    arguments.output = memory[output] + range.lowerBound * 8
    arguments.blocks = range.count
    (arguments.lower, arguments.upper) = (-.infinity, .infinity)
    kernel.run(&arguments)
  }
}

/// A sum over some axes, divided.
struct ReduceStep: SerialStep {
  let input: BufferID
  let output: BufferID
  /// The kept axes first.
  let extents: [Int]
  let strides: [Int]
  let keptRank: Int
  let divisor: Double

  func run(_ memory: Memory) {
    ferry_f32_reduce_sum(memory[input], strides, extents, keptRank, extents.count, divisor, memory[output])
  }
}
