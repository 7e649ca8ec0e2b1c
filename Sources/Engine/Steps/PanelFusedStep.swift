import CKernels
import ModelGraph

/// Expansion and depthwise convolution, one panel of channels at a time: its expanded map stays in the first-level cache.
/// The projection follows as a stage of its own.
struct PanelFusedStep: Step {
  let expand: PointwiseLayer
  let input: BufferID
  let inputMap: MapExtents
  let depthwise: DepthwiseLayer
  /// Each lane's panel of the expanded map.
  let scratch: BufferID
  /// The whole depthwise map.
  let deep: BufferID
  let deepMap: MapExtents
  let project: PointwiseStep

  /// Scratch memory of one lane, in whole cache lines.
  static func scratchFloats(_ expand: PointwiseLayer, _ map: MapExtents) -> Int {
    expand.panelBlocks * map.blockStride / 16 * 16 + 16
  }

  var kind: String { "panels: 1×1, depthwise; 1×1" }

  var multiplyAccumulates: Int {
    let taps = depthwise.window.kernel.height * depthwise.window.kernel.width
    return project.multiplyAccumulates + deepMap.batch * deepMap.pixels * deepMap.channels * taps
      + inputMap.batch * inputMap.pixels * expand.inputChannels * expand.outputChannels
  }

  var stages: [Int] { [inputMap.batch * expand.panels] + project.stages }

  /// Cache lines of the projection's weights that a unit fetches: the last third of the units all that the second-level
  /// cache has room for, so that they are there when the projection begins and nothing that follows drives them out.
  private func linesAhead(_ unit: Int) -> Range<Int> {
    let units = inputMap.batch * expand.panels, first = units - (units + 2) / 3
    guard unit >= first else { return 0..<0 }
    let lines = min(project.layer.weightBytes, CacheSizes.machine.second / 4 * 3) / 64
    return Partition(lines, into: units - first)[unit - first]
  }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    if stage > 0 {
      project.run(memory, stage: 0, units: units, lane: lane)
      return
    }
    let panelMap = memory[scratch] + lane * Self.scratchFloats(expand, inputMap)
    for unit in units {
      let (image, panel) = (unit / expand.panels, unit % expand.panels)
      var wide = expand.arguments(memory, panels: panel..<(panel + 1))
      wide.input = UnsafePointer(memory[input] + image * inputMap.imageStride)
      wide.input_block_stride = inputMap.blockStride
      wide.pixels = inputMap.pixels
      wide.output = panelMap
      wide.output_block_stride = inputMap.blockStride
      let lines = linesAhead(unit)
      wide.ahead = UnsafePointer(memory[project.layer.weights] + lines.lowerBound * 16)
      wide.lines_ahead = lines.count
      expand.kernel.run(&wide)
      let blocks = panel * expand.panelBlocks..<min((panel + 1) * expand.panelBlocks, expand.outputBlocks)
      var arguments = depthwise.arguments(memory, blocks: blocks)
      arguments.input = UnsafePointer(panelMap)
      arguments.input_block_stride = inputMap.blockStride
      arguments.input_ring_rows = inputMap.height
      arguments.output =
        memory[deep] + image * deepMap.imageStride + blocks.lowerBound * deepMap.blockStride
      arguments.output_block_stride = deepMap.blockStride
      arguments.output_row_end = deepMap.height
      depthwise.kernel.run(&arguments)
    }
  }
}
