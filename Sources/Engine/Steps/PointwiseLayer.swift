import CKernels

/// A 1×1 convolution with stride 1: what stays the same for all pixels.
struct PointwiseLayer: Sendable {
  let kernel: ferry_f32_pointwise_kernel
  let weights: BufferID
  let inputChannels: Int
  let outputChannels: Int
  let bounds: Bounds

  /// Blocks of eight output channels in one panel of weights.
  var panelBlocks: Int { Int(kernel.traits.panel) / 8 }
  var outputBlocks: Int { (outputChannels + 7) / 8 }
  var panels: Int { (outputBlocks + panelBlocks - 1) / panelBlocks }
  /// Bytes of the packed weights.
  var weightBytes: Int { outputBlocks * 8 * (inputChannels + 1) * MemoryLayout<Float>.stride }

  /// Arguments for some panels; the caller adds the places of the pixels.
  func arguments(_ memory: Memory, panels: Range<Int>) -> ferry_f32_pointwise_args {
    var arguments = ferry_f32_pointwise_args()
    arguments.weights = UnsafePointer(
      memory[weights] + panels.lowerBound * panelBlocks * 8 * (inputChannels + 1))
    arguments.input_channels = inputChannels
    arguments.output_blocks = min(panels.upperBound * panelBlocks, outputBlocks) - panels.lowerBound * panelBlocks
    (arguments.lower, arguments.upper) = (bounds.lower, bounds.upper)
    return arguments
  }
}

/// A 1×1 convolution of whole maps, perhaps with something added to it.
struct PointwiseStep: Step {
  let layer: PointwiseLayer
  let input: BufferID
  let output: BufferID
  let inputMap: MapExtents
  let outputMap: MapExtents
  /// A map like the output.
  var residual: BufferID?
  /// What a later step reads from main memory, and its bytes: fetched in passing, as far as there is time for it.
  var ahead: (buffer: BufferID, byteCount: Int)?
  private let pixelParts: Int
  private let panelParts: Int

  init(
    layer: PointwiseLayer, input: BufferID, output: BufferID, inputMap: MapExtents, outputMap: MapExtents,
    residual: BufferID? = nil, lanes: Int
  ) {
    self.layer = layer
    self.input = input
    self.output = output
    self.inputMap = inputMap
    self.outputMap = outputMap
    self.residual = residual
    // The input channels of a part's pixels are to stay in the second-level cache while the panels pass over them.
    var pixelParts = (inputMap.pixels + 13) * inputMap.channels / 65_536 + 1
    var panelParts = 1
    if lanes > 1 {
      let wanted = (4 * lanes + inputMap.batch - 1) / inputMap.batch
      if pixelParts < wanted { panelParts = min(layer.panels, (wanted + pixelParts - 1) / pixelParts) }
      if pixelParts * panelParts < wanted { pixelParts = (wanted + panelParts - 1) / panelParts }
    }
    // Parts are whole tiles where they can be.
    self.pixelParts = min(pixelParts, (inputMap.pixels + 13) / 14)
    self.panelParts = panelParts
  }

  var kind: String { residual == nil ? "1×1 convolution" : "1×1 convolution and sum" }
  var multiplyAccumulates: Int {
    inputMap.batch * inputMap.pixels * layer.inputChannels * layer.outputChannels
  }
  var stages: [Int] { [inputMap.batch * pixelParts * panelParts] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    let tiles = Partition((inputMap.pixels + 13) / 14, into: pixelParts)
    for unit in units {
      let image = unit / (pixelParts * panelParts)
      let part = tiles[unit / panelParts % pixelParts]
      let panels = Partition(layer.panels, into: panelParts)[unit % panelParts]
      let pixels = part.lowerBound * 14..<min(part.upperBound * 14, inputMap.pixels)
      var arguments = layer.arguments(memory, panels: panels)
      arguments.input = UnsafePointer(memory[input] + image * inputMap.imageStride + pixels.lowerBound * 8)
      arguments.input_block_stride = inputMap.blockStride
      arguments.pixels = pixels.count
      let offset =
        image * outputMap.imageStride + panels.lowerBound * layer.panelBlocks * outputMap.blockStride
        + pixels.lowerBound * 8
      arguments.output = memory[output] + offset
      arguments.output_block_stride = outputMap.blockStride
      if let residual {
        arguments.residual = UnsafePointer(memory[residual] + offset)
        arguments.residual_block_stride = outputMap.blockStride
      }
      if let ahead {
        let lines = Partition(ahead.byteCount / 64, into: inputMap.batch * pixelParts * panelParts)[unit]
        arguments.ahead = UnsafePointer(memory[ahead.buffer] + lines.lowerBound * 16)
        arguments.lines_ahead = lines.count
      }
      layer.kernel.run(&arguments)
    }
  }
}
