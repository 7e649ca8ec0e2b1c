import CKernels
import ModelGraph

/// A convolution of 8-bit counts, group by group; a dense layer is one of maps of one pixel.
struct CountConvolutionStep: Step {
  let kernel: ferry_q8_convolution_kernel
  let input: BufferID
  let weights: BufferID
  let channels: BufferID
  let output: BufferID
  let scratch: BufferID
  let geometry: CountConvolution
  let reading: CountReading
  let zeroPoints: ZeroPointSource
  let rows: ChannelRows
  /// Nil where the sums themselves are the result.
  let rescaling: Rescaling?
  let lanes: Int
  /// Pixels whose windows fit a lane's scratch memory.
  let scratchPixels: Int

  var kind: String { "convolution of counts" }
  var multiplyAccumulates: Int { geometry.outputMap.batch * geometry.outputMap.pixels * rows.groups * groupProducts }
  private var groupProducts: Int { geometry.depth * rows.groupOutputs }

  /// Runs of output pixels of each map.
  private var parts: Int { lanes == 1 ? 1 : min((geometry.outputMap.pixels + 5) / 6, 4 * lanes) }
  var stages: [Int] { [geometry.inputMap.batch * parts] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    let (inputMap, outputMap) = (geometry.inputMap, geometry.outputMap)
    var arguments = ferry_q8_convolution_args()
    (arguments.input_height, arguments.input_width) = (inputMap.height, inputMap.width)
    (arguments.input_pixel_stride, arguments.input_row_stride) = (inputMap.channels, inputMap.width * inputMap.channels)
    arguments.input_channels = geometry.groupInputs
    arguments.reading = reading.arguments
    arguments.output_pixel_stride = outputMap.channels
    arguments.outputs = rows.groupOutputs
    arguments.output_width = outputMap.width
    arguments.window = geometry.window.arguments(geometry.insets)
    arguments.scratch_pixels = scratchPixels
    let scratchBytes = scratchPixels * geometry.evenDepth * 2
    arguments.scratch = (memory.bytes(scratch) + lane * scratchBytes).assumingMemoryBound(to: Int16.self)
    let base = memory.bytes(channels)
    let panels = memory.bytes(weights).assumingMemoryBound(to: Int16.self)
    for unit in units {
      let image = unit / parts
      zeroPoints.fill(&arguments.reading, memory, map: image)
      let pixels = Partition(outputMap.pixels, into: parts)[unit % parts]
      (arguments.pixel_begin, arguments.pixel_end) = (pixels.lowerBound, pixels.upperBound)
      for group in 0..<rows.groups {
        let first = group * rows.paddedGroup
        arguments.input = UnsafePointer(
          memory.counts(input) + image * inputMap.elements + group * geometry.groupInputs)
        arguments.weights = UnsafePointer(panels + first * geometry.evenDepth)
        arguments.bias = UnsafePointer(rows.row(0, of: base, as: Int32.self) + first)
        let target = image * outputMap.elements + group * rows.groupOutputs
        if let rescaling {
          arguments.output = memory.counts(output) + target
          arguments.rescaling = rescaling.arguments(rows, base, first: first)
        } else {
          arguments.sums = memory.bytes(output).assumingMemoryBound(to: Int32.self) + target
        }
        kernel.run(&arguments)
      }
    }
  }
}

/// A depthwise convolution of 8-bit counts with as many outputs as inputs.
struct CountDepthwiseStep: Step {
  let kernel: ferry_q8_depthwise_kernel
  let input: BufferID
  let weights: BufferID
  let channels: BufferID
  let output: BufferID
  let geometry: CountConvolution
  let reading: CountReading
  let zeroPoints: ZeroPointSource
  let rows: ChannelRows
  /// Nil where the sums themselves are the result.
  let rescaling: Rescaling?
  let lanes: Int

  var kind: String { "depthwise convolution of counts" }
  var multiplyAccumulates: Int {
    geometry.outputMap.batch * geometry.outputMap.pixels * geometry.outputMap.channels * geometry.depth
  }

  private var bands: MapBands { MapBands(geometry.outputMap, lanes: lanes) }
  var stages: [Int] { [bands.count] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    let (inputMap, outputMap) = (geometry.inputMap, geometry.outputMap)
    var arguments = ferry_q8_depthwise_args()
    (arguments.input_height, arguments.input_width) = (inputMap.height, inputMap.width)
    arguments.reading = reading.arguments
    arguments.weights = UnsafePointer(memory.bytes(weights).assumingMemoryBound(to: Int16.self))
    let base = memory.bytes(channels)
    arguments.bias = UnsafePointer(rows.row(0, of: base, as: Int32.self))
    (arguments.channels, arguments.output_width) = (outputMap.channels, outputMap.width)
    arguments.window = geometry.window.arguments(geometry.insets)
    if let rescaling { arguments.rescaling = rescaling.arguments(rows, base) }
    bands.forEach(units) { image, band in
      zeroPoints.fill(&arguments.reading, memory, map: image)
      (arguments.output_row_begin, arguments.output_row_end) = (band.lowerBound, band.upperBound)
      arguments.input = UnsafePointer(memory.counts(input) + image * inputMap.elements)
      let target = image * outputMap.elements
      if rescaling != nil {
        arguments.output = memory.counts(output) + target
      } else {
        arguments.sums = memory.bytes(output).assumingMemoryBound(to: Int32.self) + target
      }
      kernel.run(&arguments)
    }
  }
}
