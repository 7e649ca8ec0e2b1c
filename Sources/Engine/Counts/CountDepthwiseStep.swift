import CKernels
import ModelGraph

/// A depthwise convolution of 8-bit counts with as many outputs as inputs.
struct CountDepthwiseStep: Step {
  let kernel: ferry_q8_depthwise_kernel
  let layer: CountLayer
  let lanes: Int

  var kind: String { "depthwise convolution of counts" }
  var multiplyAccumulates: Int { layer.multiplyAccumulates }

  private var bands: MapBands { MapBands(layer.geometry.outputMap, lanes: lanes) }
  var stages: [Int] { [bands.count] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    let (inputMap, outputMap) = (layer.geometry.inputMap, layer.geometry.outputMap)
    var arguments = ferry_q8_depthwise_args()
    (arguments.input_height, arguments.input_width) = (inputMap.height, inputMap.width)
    arguments.reading = layer.reading.arguments
    arguments.weights = UnsafePointer(memory.bytes(layer.weights).assumingMemoryBound(to: Int16.self))
    arguments.bias = layer.bias(memory)
    (arguments.channels, arguments.output_width) = (outputMap.channels, outputMap.width)
    arguments.window = layer.geometry.window.arguments(layer.geometry.insets)
    arguments.rescaling = layer.rescaling(memory)
    bands.forEach(units) { image, band in
      layer.zeroPoints.fill(&arguments.reading, memory, map: image)
      (arguments.output_row_begin, arguments.output_row_end) = (band.lowerBound, band.upperBound)
      arguments.input = layer.map(memory, image)
      let results = layer.results(memory, image)
      (arguments.output, arguments.sums) = (results.counts, results.sums)
      kernel.run(&arguments)
    }
  }
}
