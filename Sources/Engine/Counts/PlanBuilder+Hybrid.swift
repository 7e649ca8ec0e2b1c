import CKernels
import ModelGraph

/// Real activations with weights of counts ("dynamic range"): the activations become counts while the operator runs.
extension PlanBuilder {
  /// Whether real numbers meet weights of counts.
  func isHybrid(_ node: Node) -> Bool {
    guard graph.arithmetic == .liteRT, let x = node.input(0), let weights = node.input(1) else { return false }
    return graph[x].type.elementType == .float32 && graph[weights].type.quantization != nil
  }

  mutating func lowerHybrid(_ op: Conv2D, _ node: Node) throws(ModelError) {
    let convolution = try describe(op, node)
    try lowerHybrid(
      node, CountConvolution(convolution), weights: convolution.filter, bias: convolution.bias,
      op.inputQuantization, rows: convolution.inputMap.batch, bounds: convolution.bounds)
  }

  mutating func lowerHybrid(_ op: FullyConnected, _ node: Node) throws(ModelError) {
    var weights = try constantTensor(node, 1, "weights")
    if op.weightLayout == .inputOutput { weights = try weights.transposed([1, 0]) }
    let (outputs, inputs) = (weights.extents[0], weights.extents[1])
    let count = try elementCount(try input(node, 0))
    guard inputs > 0, outputs > 0, count % inputs == 0 else {
      throw ModelError(.unsupported, "weights \(weights.type) for \(count) numbers")
    }
    // Every row has a scale of its own, as every map of a batch has.
    let geometry = try CountConvolution(maps: count / inputs, inputs: inputs, outputs: outputs)
    try lowerHybrid(
      node, geometry, weights: weights, bias: try optionalConstant(node, 2, "a bias"), op.inputQuantization,
      rows: geometry.inputMap.batch, bounds: Bounds(op.outputClamp))
  }

  private mutating func lowerHybrid(
    _ node: Node, _ geometry: CountConvolution, weights: Tensor, bias: Tensor?, _ quantization: InputQuantization,
    rows: Int, bounds: Bounds
  ) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    let channels = geometry.outputMap.channels
    guard weights.elementType == .int8, let scales = weights.type.quantization?.scales,
      weights.type.quantization?.zeroPoints.allSatisfy({ $0 == 0 }) == true,
      weights.type.quantization?.axis ?? 0 == 0, scales.count == 1 || scales.count == channels,
      bias?.elementType ?? .float32 == .float32, bias?.elementCount ?? channels == channels,
      graph[y].type.elementType == .float32
    else { throw ModelError(.unsupported, "real numbers with weights of type \(weights.type)") }
    var constants = scales.count == 1 ? [Float](repeating: scales[0], count: channels) : scales
    if let bias { constants += try bias.floats() }
    let source = try plain(x)
    let counts = buffer(count: try elementCount(x), width: 1)
    let parameters = buffer(count: rows, width: MemoryLayout<ferry_row_parameters>.stride)
    let columns = try elementCount(x) / rows
    let quantizer = try kernels.quantizeRows(
      quantization == .symmetric ? ferry_quantize_rows_symmetric : ferry_quantize_rows_asymmetric)
    emit(
      QuantizeRowsStep(
        kernel: quantizer, input: source, output: counts, parameters: parameters, rows: rows, columns: columns),
      source, counts, parameters)
    let sums = buffer(count: try elementCount(y), width: 4)
    try emitProducts(
      geometry, reading: try CountReading(.int8, zeroPoint: 0),
      weights: CountWeights(tensor: weights, zeroPoints: [0], bias: nil, node: node), rescaling: nil, from: counts,
      to: sums, zeroPoints: .rows(parameters))
    let target = try newPlain(y)
    let channelConstants = try constant(.table(node.id, part: 0), try Tensor(constants, shape: [constants.count]))
    emit(
      SumsToRealsStep(
        kernel: try kernels.reals(), input: sums, output: target, parameters: parameters,
        channelConstants: channelConstants, hasBias: bias != nil, rows: rows,
        columns: try elementCount(y) / rows / channels, channels: channels, bounds: bounds),
      sums, parameters, channelConstants, target)
  }
}
