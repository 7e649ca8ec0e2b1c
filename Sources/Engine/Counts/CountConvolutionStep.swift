import CKernels
import ModelGraph

/// A convolution of 8-bit counts, group by group; a dense layer is one of maps of one pixel.
struct CountConvolutionStep: Step {
  let kernel: ferry_q8_convolution_kernel
  let layer: CountLayer
  let scratch: BufferID
  /// Pixels whose windows fit a lane's scratch memory.
  let scratchPixels: Int
  let lanes: Int

  var kind: String { "convolution of counts" }
  var multiplyAccumulates: Int { layer.multiplyAccumulates }

  /// Runs of output pixels of each map.
  private var parts: Int { lanes == 1 ? 1 : min((layer.geometry.outputMap.pixels + 5) / 6, 4 * lanes) }
  var stages: [Int] { [layer.geometry.inputMap.batch * parts] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    let (geometry, rows) = (layer.geometry, layer.rows)
    let (inputMap, outputMap) = (geometry.inputMap, geometry.outputMap)
    var arguments = ferry_q8_convolution_args()
    (arguments.input_height, arguments.input_width) = (inputMap.height, inputMap.width)
    (arguments.input_pixel_stride, arguments.input_row_stride) = (inputMap.channels, inputMap.width * inputMap.channels)
    arguments.input_channels = geometry.groupInputs
    arguments.reading = layer.reading.arguments
    arguments.output_pixel_stride = outputMap.channels
    arguments.outputs = rows.groupOutputs
    arguments.output_width = outputMap.width
    arguments.window = geometry.window.arguments(geometry.insets)
    arguments.scratch_pixels = scratchPixels
    let scratchBytes = scratchPixels * geometry.evenDepth * 2
    arguments.scratch = (memory.bytes(scratch) + lane * scratchBytes).assumingMemoryBound(to: Int16.self)
    let panels = memory.bytes(layer.weights).assumingMemoryBound(to: Int16.self)
    for unit in units {
      let image = unit / parts
      layer.zeroPoints.fill(&arguments.reading, memory, map: image)
      let pixels = Partition(outputMap.pixels, into: parts)[unit % parts]
      (arguments.pixel_begin, arguments.pixel_end) = (pixels.lowerBound, pixels.upperBound)
      for group in 0..<rows.groups {
        let first = group * rows.paddedGroup
        arguments.input = layer.map(memory, image, channel: group * geometry.groupInputs)
        arguments.weights = UnsafePointer(panels + first * geometry.evenDepth)
        arguments.bias = layer.bias(memory, first: first)
        arguments.rescaling = layer.rescaling(memory, first: first)
        let results = layer.results(memory, image, channel: group * rows.groupOutputs)
        (arguments.output, arguments.sums) = (results.counts, results.sums)
        kernel.run(&arguments)
      }
    }
  }
}
