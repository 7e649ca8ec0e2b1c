import CKernels
import ModelGraph

/// Expansion (or the first convolution), depthwise convolution and projection, a few output rows at a time: of the
/// expanded map only a ring of rows exists, which stays in the second-level cache.
struct RowFusedStep: Step {
  /// What makes the rows that the depthwise convolution reads.
  enum Source: Sendable {
    /// They are the input.
    case input(BufferID)
    case pointwise(PointwiseLayer, input: BufferID, map: MapExtents)
    case stem(StemLayer)
  }

  let source: Source
  let depthwise: DepthwiseLayer
  let project: PointwiseLayer
  /// Added to the projection: a map like the output.
  let residual: BufferID?
  let output: BufferID
  /// Each lane's ring, rows and image rows.
  let scratch: BufferID
  /// The map that the depthwise convolution reads.
  let wideMap: MapExtents
  let outputMap: MapExtents
  /// Output rows in one go.
  let group: Int
  /// Bands of rows that may be made at the same time.
  let bands: Int

  /// Rows that the ring holds: all that a group of output rows reads.
  static func ringRows(_ depthwise: DepthwiseLayer, group: Int) -> Int {
    min((group - 1) * depthwise.window.strides.height + depthwise.reach, depthwise.inputHeight)
  }

  private var ringRows: Int { Self.ringRows(depthwise, group: group) }
  private var wideBlocks: Int { wideMap.blocks }
  private var lineFloats: Int { wideBlocks * group * outputMap.width * 8 }

  private var ringFloats: Int {
    if case .input = source { return 0 }
    return wideBlocks * ringRows * wideMap.width * 8
  }

  /// Scratch memory of one lane, in whole cache lines.
  var scratchFloats: Int {
    var floats = ringFloats + lineFloats
    if case .stem(let stem) = source { floats += stem.scratchFloats }
    return (floats + 15) / 16 * 16
  }

  var kind: String {
    switch source {
    case .input: "rows: depthwise, 1×1"
    case .pointwise: "rows: 1×1, depthwise, 1×1"
    case .stem: "rows: 3×3, depthwise, 1×1"
    }
  }

  var multiplyAccumulates: Int {
    let taps = depthwise.window.kernel.height * depthwise.window.kernel.width
    var pixel = wideMap.channels * taps + project.inputChannels * project.outputChannels
    pixel *= outputMap.batch * outputMap.pixels
    switch source {
    case .input: return pixel
    case .pointwise(let layer, _, _):
      return pixel + wideMap.batch * wideMap.pixels * layer.inputChannels * layer.outputChannels
    case .stem: return pixel + wideMap.batch * wideMap.pixels * 27 * wideMap.channels
    }
  }

  var stages: [Int] { [outputMap.batch * bands] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    let ring = memory[scratch] + lane * scratchFloats
    for unit in units {
      run(
        memory, image: unit / bands, rows: Partition(outputMap.height, into: bands)[unit % bands], ring: ring,
        line: ring + ringFloats)
    }
  }

  private func run(
    _ memory: Memory, image: Int, rows: Range<Int>, ring: UnsafeMutablePointer<Float>,
    line: UnsafeMutablePointer<Float>
  ) {
    var deep = depthwise.arguments(memory, blocks: 0..<wideBlocks)
    if case .input(let input) = source {
      deep.input = UnsafePointer(memory[input] + image * wideMap.imageStride)
      deep.input_block_stride = wideMap.blockStride
      deep.input_ring_rows = wideMap.height
    } else {
      deep.input = UnsafePointer(ring)
      deep.input_block_stride = ringRows * wideMap.width * 8
      deep.input_ring_rows = ringRows
    }
    deep.output = line
    var narrow = project.arguments(memory, panels: 0..<project.panels)
    narrow.input = UnsafePointer(line)
    narrow.output_block_stride = outputMap.blockStride
    narrow.residual_block_stride = outputMap.blockStride
    var made = depthwise.inputRows(for: rows).lowerBound
    var first = rows.lowerBound
    while first < rows.upperBound {
      let taken = min(group, rows.upperBound - first)
      let end = depthwise.inputRows(for: first..<(first + taken)).upperBound
      while made < end {
        // Up to where the ring begins anew.
        let count = min(end - made, ringRows - made % ringRows)
        make(memory, image: image, rows: made..<(made + count), ring: ring, scratch: line + lineFloats)
        made += count
      }
      (deep.output_row_begin, deep.output_row_end) = (first, first + taken)
      deep.output_block_stride = taken * outputMap.width * 8
      depthwise.kernel.run(&deep)
      narrow.input_block_stride = taken * outputMap.width * 8
      narrow.pixels = taken * outputMap.width
      let offset = image * outputMap.imageStride + first * outputMap.width * 8
      narrow.output = memory[output] + offset
      if let residual { narrow.residual = UnsafePointer(memory[residual] + offset) }
      project.kernel.run(&narrow)
      first += taken
    }
  }

  /// Makes rows of the wide map that follow one another in the ring.
  private func make(
    _ memory: Memory, image: Int, rows: Range<Int>, ring: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let target = ring + rows.lowerBound % ringRows * wideMap.width * 8
    let blockStride = ringRows * wideMap.width * 8
    switch source {
    case .input: break
    case .pointwise(let layer, let input, let map):
      var arguments = layer.arguments(memory, panels: 0..<layer.panels)
      arguments.input = UnsafePointer(
        memory[input] + image * map.imageStride + rows.lowerBound * map.width * 8)
      arguments.input_block_stride = map.blockStride
      arguments.pixels = rows.count * map.width
      arguments.output = target
      arguments.output_block_stride = blockStride
      layer.kernel.run(&arguments)
    case .stem(let layer):
      var arguments = layer.arguments(memory, image: image, scratch: scratch)
      (arguments.output_row_begin, arguments.output_row_end) = (rows.lowerBound, rows.upperBound)
      arguments.output = target
      arguments.output_block_stride = blockStride
      layer.kernel.run(&arguments)
    }
  }
}
