import ModelGraph

/// Convolutions and dense layers with integer weights between real numbers ("dynamic range"): x is brought to int8 counts while
/// the operator runs, the sums of products are exact integers, and one float32 factor brings them back.
extension Evaluation {
  /// y = clamp(Σ (q − z)·w · s_w · sₓ + b), sₓ and z for each element of the batch.
  ///
  /// Source: `EvalHybrid` and `EvalHybridPerChannel` in conv.cc, `EvalHybridPerChannel` in depthwise_conv.cc.
  func hybridConvolution(_ op: Conv2D) throws(ModelError) -> [Tensor] {
    let x = try channelsLast(0, op.layout)
    let filter = try canonicalFilter(op, channels: x.extents[3])
    let output = try channelsLastExtents(op.layout)
    let rows = RuntimeCounts(try x.floats(), rows: x.extents[0], op.inputQuantization)
    let weights = try symmetricWeights(filter)
    let sums: [Int32] = IntegerProducts.convolution(
      op, map: rows.offsets, input: x.extents, filter: weights, filterExtents: filter.extents, output: output)
    let y = try reals(sums, rows.scales, weights: filter, op.outputClamp)
    return try result(y.map(Double.init), layout: op.layout, clamp: .unbounded)
  }

  /// As a convolution, sₓ and z for each row of features.
  ///
  /// Source: `EvalHybridDense` in fully_connected.cc.
  func hybridFullyConnected(_ op: FullyConnected) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    var weights = try input(1).widened()
    if op.weightLayout == .inputOutput { weights = try weights.transposed([1, 0]) }
    let (outputs, inputs) = (weights.extents[0], weights.extents[1])
    guard inputs > 0 else { throw ModelError(.unsupported, "a dense layer of no features") }
    let rows = RuntimeCounts(try x.floats(), rows: x.elementCount / inputs, op.inputQuantization)
    let counts = try symmetricWeights(weights)
    let sums: [Int32] = IntegerProducts.dense(rows.offsets, weights: counts, inputs: inputs, outputs: outputs)
    let y = try reals(sums, rows.scales, weights: weights, op.outputClamp)
    return try result(y.map(Double.init))
  }

  private func symmetricWeights(_ weights: Tensor) throws(ModelError) -> [Int32] {
    guard weights.elementType == .int8, let quantization = weights.type.quantization,
      quantization.zeroPoints.allSatisfy({ $0 == 0 }), quantization.axis == nil || quantization.axis == 0,
      try outputType().elementType == .float32
    else { throw ModelError(.unsupported, "real numbers with weights of type \(weights.type)") }
    return try weights.counts()
  }

  /// The sums in real numbers, plus the bias, clamped; each step rounded to float32.
  private func reals(
    _ sums: [Int32], _ rowScales: [Float], weights: Tensor, _ clamp: ClampRange
  ) throws(ModelError) -> [Float] {
    let outputs = weights.extents[0]
    let weightScales = weights.type.quantization?.scales ?? []
    let bias = try optionalInput(2).map { (bias) throws(ModelError) in try bias.floats() }
    guard weightScales.count == 1 || weightScales.count == outputs, bias?.count ?? outputs == outputs,
      optionalInput(2)?.elementType ?? .float32 == .float32
    else { throw ModelError(.malformed, "scales or a bias that do not match \(outputs) channels of real numbers") }
    let rowLength = sums.count / max(rowScales.count, 1)
    var y = [Float](repeating: 0, count: sums.count)
    for index in sums.indices {
      let channel = index % outputs
      let scale = weightScales[weightScales.count == 1 ? 0 : channel] * rowScales[index / rowLength]
      var value = Float(sums[index]) * scale
      if let bias { value += bias[channel] }
      y[index] = Float(clamp.applied(Double(value)))
    }
    return y
  }
}
