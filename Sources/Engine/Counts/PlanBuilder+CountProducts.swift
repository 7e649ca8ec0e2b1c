import CKernels
import ModelGraph
import ReferenceInterpreter

/// Sums of products of counts: convolutions and dense layers.
extension PlanBuilder {
  /// A filter or a matrix [O, …] of 8-bit counts and what goes with it.
  struct CountWeights {
    let tensor: Tensor
    /// One for all output channels, or one for each.
    let zeroPoints: [Int32]
    let bias: [Int32]?
    let node: Node
    /// Of a mean, whose weights are ones: how many.
    var summands = 0
  }

  mutating func lowerCounts(_ op: Conv2D, _ node: Node) throws(ModelError) {
    let convolution = try describe(op, node)
    let types = try productTypes(node, weights: convolution.filter.type)
    let rescaling: Rescaling
    switch graph.arithmetic {
    case .liteRT:
      rescaling = try Rescaling(
        fixed: try FixedPointMultiplier.convolution(
          input: types.input, filter: types.weights, output: types.output, channels: convolution.outputMap.channels),
        output: types.output, clamp: op.outputClamp)
    case .onnx:
      rescaling = Rescaling(
        try RealRescaling.products(
          input: types.input, weights: types.weights, output: types.output, channels: convolution.outputMap.channels,
          clamp: op.outputClamp))
    }
    try emitProducts(
      CountConvolution(convolution), reading: try CountReading(types.input),
      weights: CountWeights(
        tensor: convolution.filter, zeroPoints: types.weights.quantization?.zeroPoints ?? [0],
        bias: try countBias(convolution.bias, types.input, types.weights, channels: convolution.outputMap.channels),
        node: node),
      rescaling: rescaling, from: convolution.input, to: convolution.output)
  }

  mutating func lowerCounts(_ op: FullyConnected, _ node: Node) throws(ModelError) {
    var weights = try constantTensor(node, 1, "weights")
    if op.weightLayout == .inputOutput { weights = try weights.transposed([1, 0]) }
    try lowerCountRows(
      node, weights: weights, bias: try optionalConstant(node, 2, "a bias"), clamp: op.outputClamp)
  }

  /// Rows of features by weights [O, I].
  mutating func lowerCountRows(
    _ node: Node, weights: Tensor, bias: Tensor?, clamp: ClampRange
  ) throws(ModelError) {
    let types = try productTypes(node, weights: weights.type)
    let (outputs, inputs) = (weights.extents[0], weights.extents[1])
    let x = try input(node, 0)
    guard inputs > 0, outputs > 0, try elementCount(x) % inputs == 0 else {
      throw ModelError(.unsupported, "weights \(weights.type) for \(types.input)")
    }
    let rescaling: Rescaling
    switch graph.arithmetic {
    case .liteRT:
      rescaling = try Rescaling(
        float64Dense: types.input, weights: types.weights, output: types.output, channels: outputs, clamp: clamp)
    case .onnx:
      rescaling = Rescaling(
        try RealRescaling.products(
          input: types.input, weights: types.weights, output: types.output, channels: outputs, clamp: clamp))
    }
    try emitProducts(
      try CountConvolution(rows: try elementCount(x) / inputs, inputs: inputs, outputs: outputs),
      reading: try CountReading(types.input),
      weights: CountWeights(
        tensor: weights, zeroPoints: types.weights.quantization?.zeroPoints ?? [0],
        bias: try countBias(bias, types.input, types.weights, channels: outputs), node: node),
      rescaling: rescaling, from: x, to: try output(node))
  }

  /// The types of a product's operands and result, all of which must be 8-bit counts.
  ///
  /// - Parameters:
  ///   - weights: the type of the second operand as a matrix or filter whose output channels lie along `outputAxis`.
  func productTypes(
    _ node: Node, weights: TensorType, outputAxis: Int = 0
  ) throws(ModelError) -> (input: TensorType, weights: TensorType, output: TensorType) {
    let types = (input: graph[try input(node, 0)].type, weights: weights, output: graph[try output(node)].type)
    for type in [types.input, types.weights, types.output] {
      guard type.elementType == .int8 || type.elementType == .uint8, type.quantization != nil else {
        throw ModelError(
          .unsupported, "the engine has no kernel for \(node.op.name) of \(types.input) by \(types.weights)")
      }
    }
    switch types.weights.quantization {
    case .perTensor?: break
    case .perAxis(let axis, _, _)? where axis == outputAxis: break
    default:
      throw ModelError(.unsupported, "weights of type \(types.weights), whose scales do not go by output channel")
    }
    // LiteRT's kernels know one element type for all three.
    if graph.arithmetic == .liteRT {
      guard types.output.elementType == types.input.elementType, types.weights.elementType == types.input.elementType
      else {
        throw ModelError(
          .unsupported, "\(node.op.name) from \(types.input) by \(types.weights) to \(types.output)")
      }
    }
    return types
  }

  private func countBias(
    _ bias: Tensor?, _ input: TensorType, _ weights: TensorType, channels: Int
  ) throws(ModelError) -> [Int32]? {
    guard let bias else { return nil }
    if graph.arithmetic == .onnx { try bias.requireBias(input: input, weights: weights) }
    guard bias.elementType == .int32, bias.elementCount == channels else {
      throw ModelError(.unsupported, "a bias of type \(bias.type) for \(channels) channels of counts")
    }
    return try bias.elements(as: Int32.self)
  }

  /// Adds the step of a product; without a rescaling its result is the sums in int32.
  mutating func emitProducts(
    _ geometry: CountConvolution, reading: CountReading, weights: CountWeights, rescaling: Rescaling?,
    from x: ValueID, to y: ValueID
  ) throws(ModelError) {
    let source = try plain(x), target = try newPlain(y)
    try emitProducts(
      geometry, reading: reading, weights: weights, rescaling: rescaling, from: source, to: target)
  }

  mutating func emitProducts(
    _ geometry: CountConvolution, reading: CountReading, weights: CountWeights, rescaling: Rescaling?,
    from source: BufferID, to target: BufferID, zeroPoints: ZeroPointSource = .reading
  ) throws(ModelError) {
    if geometry.isDepthwise {
      let rows = ChannelRows(
        groups: 1, groupOutputs: geometry.outputMap.channels, panel: Int(ferry_q8_depthwise_lanes))
      let layer = CountLayer(
        input: source, weights: try packedDepthwise(weights, geometry, rows),
        channels: try channelRows(weights, rows, rescaling), output: target, geometry: geometry, reading: reading,
        zeroPoints: zeroPoints, rows: rows, rescaling: rescaling)
      emit(
        CountDepthwiseStep(kernel: try kernels.countDepthwise(), layer: layer, lanes: lanes), source, layer.weights,
        layer.channels, zeroPoints.buffer, target)
      return
    }
    let kernel = try kernels.countConvolution()
    let rows = ChannelRows(
      groups: geometry.groups, groupOutputs: geometry.groupOutputs, panel: Int(kernel.traits.panel))
    let layer = CountLayer(
      input: source, weights: try packedPanels(weights, geometry, rows),
      channels: try channelRows(weights, rows, rescaling), output: target, geometry: geometry, reading: reading,
      zeroPoints: zeroPoints, rows: rows, rescaling: rescaling)
    // Whole tiles of windows, no more than the first-level cache and a panel's worth of weights beside them.
    let scratchPixels = min(max(16_384 / geometry.evenDepth, 1) * 6, (geometry.outputMap.pixels + 5) / 6 * 6)
    let scratch = buffer(count: lanes * scratchPixels * geometry.evenDepth, width: 2)
    let step = CountConvolutionStep(
      kernel: kernel, layer: layer, scratch: scratch, scratchPixels: scratchPixels, lanes: lanes)
    emit(step, source, layer.weights, layer.channels, scratch, zeroPoints.buffer, target)
  }

  private mutating func channelRows(
    _ weights: CountWeights, _ rows: ChannelRows, _ rescaling: Rescaling?
  ) throws(ModelError) -> BufferID {
    try constant(.channelRows(weights.node.id, panel: rows.panel, summands: weights.summands)) {
      () throws(ModelError) in
      try rows.packed(bias: weights.bias, rescaling)
    }
  }

  private mutating func packedPanels(
    _ weights: CountWeights, _ geometry: CountConvolution, _ rows: ChannelRows
  ) throws(ModelError) -> BufferID {
    let groupBytes = rows.paddedGroup * geometry.evenDepth * 2
    let (flip, zeroPoints) = try weights.reading(channels: geometry.outputMap.channels)
    return try constant(.countPanels(weights.node.id, panel: rows.panel, summands: weights.summands), width: 2) {
      () throws(ModelError) in
      try AlignedMemory(byteCount: rows.groups * groupBytes) { (target) throws(ModelError) in
        try weights.tensor.withPlainElements { source in
          for group in 0..<rows.groups {
            zeroPoints.withUnsafeBufferPointer { points in
              guard let points = points.baseAddress else { return }
              ferry_q8_pack_panels(
                source + group * rows.groupOutputs * geometry.depth, flip, points + group * rows.groupOutputs,
                rows.groupOutputs, geometry.depth, rows.panel,
                (target + group * groupBytes).assumingMemoryBound(to: Int16.self))
            }
          }
        }
      }
    }
  }

  private mutating func packedDepthwise(
    _ weights: CountWeights, _ geometry: CountConvolution, _ rows: ChannelRows
  ) throws(ModelError) -> BufferID {
    let (flip, zeroPoints) = try weights.reading(channels: geometry.outputMap.channels)
    return try constant(.countPanels(weights.node.id, panel: rows.panel, summands: weights.summands), width: 2) {
      () throws(ModelError) in
      try AlignedMemory(byteCount: rows.paddedGroup * geometry.depth * 2) { (target) throws(ModelError) in
        try weights.tensor.withPlainElements {
          ferry_q8_pack_depthwise(
            $0, flip, zeroPoints, rows.groupOutputs, geometry.depth, target.assumingMemoryBound(to: Int16.self))
        }
      }
    }
  }
}

extension PlanBuilder.CountWeights {
  /// How the weights are read, with a zero point for each output channel.
  func reading(channels: Int) throws(ModelError) -> (flip: UInt8, zeroPoints: [Int16]) {
    guard zeroPoints.count == 1 || zeroPoints.count == channels,
      tensor.elementType == .int8 || tensor.elementType == .uint8
    else { throw ModelError(.unsupported, "weights of type \(tensor.type) for \(channels) output channels") }
    var read: [Int16] = []
    for zeroPoint in zeroPoints { read.append(try CountReading(tensor.elementType, zeroPoint: zeroPoint).zeroPoint) }
    if read.count == 1 { read = [Int16](repeating: read[0], count: channels) }
    return (tensor.elementType == .uint8 ? 0x80 : 0, read)
  }
}
