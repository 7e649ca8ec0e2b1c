import ModelGraph

/// Operators on counts whose scales and zero points are operands: what ONNX calls dynamic quantization.
extension Evaluation {
  /// The same counts.
  func reinterpret() throws(ModelError) -> [Tensor] { [try input(0).with(quantization: try outputType().quantization)] }

  /// With a = min(0, min x) and b = max(0, max x): scale = (b − a) / 255, zero point = round(saturate(−a / scale)), count =
  /// saturate(round(x / scale) + zero point); all in float32, ties to even. Of zeros alone the scale is 1.
  ///
  /// Source: ONNX DynamicQuantizeLinear.
  func dynamicQuantize() throws(ModelError) -> [Tensor] {
    let x = try input(0).floats()
    var smallest: Float = 0
    var largest: Float = 0
    for value in x {
      guard value.isFinite else { throw ModelError(.malformed, "no scale holds \(value)") }
      smallest = min(smallest, value)
      largest = max(largest, value)
    }
    let range = largest - smallest
    guard range.isFinite else { throw ModelError(.malformed, "no scale holds \(smallest) … \(largest)") }
    let scale = range == 0 ? 1 : range / 255
    guard scale > 0, outputTypes.count == 3 else { throw ModelError(.malformed, "the range \(range) has no scale") }
    let zeroPoint = min(max(-smallest / scale, 0), 255).rounded(.toNearestOrEven)
    let counts = x.map { min(max(($0 / scale).rounded(.toNearestOrEven) + zeroPoint, 0), 255) }
    return [
      try Tensor(wrapping: counts.map { Int(saturating: Double($0)) }, type: outputTypes[0]),
      try Tensor([scale], type: outputTypes[1]),
      try Tensor(wrapping: [Int(saturating: Double(zeroPoint))], type: outputTypes[2]),
    ]
  }

  /// y = Σ (x − zₓ) · (w − z_w), wrapped around to int32; padding holds zₓ.
  ///
  /// Source: ONNX ConvInteger.
  func integerConvolution(_ op: IntegerConv2D) throws(ModelError) -> [Tensor] {
    var conv = op.convolution
    let filter = try conv.filterLayout.canonical(try input(1), groups: conv.groups)
    conv.filterLayout = .outputHeightWidthInput
    let zeros = try optionalInput(3).map { (zeros) throws(ModelError) in
      zeros.elementCount == 1 ? zeros : try zeros.reshaped(to: [zeros.elementCount, 1, 1, 1])
    }
    let operands = [
      try Self.centered(try input(0), zeroPoints: optionalInput(2)), try Self.centered(filter, zeroPoints: zeros),
    ]
    return try wrapped(try exactly(operands).convolution(conv))
  }

  /// y = Σₖ (a − zₐ) · (b − z_b), wrapped around to int32; a vector zₐ has one element a row, a vector z_b one a column.
  ///
  /// Source: ONNX MatMulInteger.
  func integerProduct() throws(ModelError) -> [Tensor] {
    var rows = optionalInput(2)
    if let zeros = rows, zeros.extents.count == 1, zeros.elementCount > 1 {
      rows = try zeros.reshaped(to: [zeros.elementCount, 1])
    }
    let operands = [
      try Self.centered(try input(0), zeroPoints: rows),
      try Self.centered(try input(1), zeroPoints: optionalInput(3)),
    ]
    return try wrapped(try exactly(operands).matrixProduct(MatMul()))
  }

  /// The evaluation of the same operator on float64 operands, whose sums of counts are exact below 2⁵³.
  func exactly(_ operands: [Tensor?]) throws(ModelError) -> Evaluation {
    with(inputs: operands, outputTypes: outputTypes.map { TensorType(.float64, $0.shape) })
  }

  /// Sums that are integers, as the output's 32 bits hold them.
  private func wrapped(_ sums: [Tensor]) throws(ModelError) -> [Tensor] {
    guard let sums = sums.first else { throw ModelError(.internalFault, "an operator without outputs") }
    return [try Tensor(wrapping: try sums.doubles().map { Int(saturating: $0) }, type: try outputType())]
  }

  /// Counts less their zero points, which are broadcast, as float64.
  private static func centered(_ counts: Tensor, zeroPoints: Tensor?) throws(ModelError) -> Tensor {
    var values = try counts.integers()
    if let zeroPoints {
      let aligned = try zeroPoints.elementCount == 1 ? zeroPoints.reshaped(to: []) : zeroPoints
      for (index, zero) in try aligned.broadcast(to: counts.extents).integers().enumerated() { values[index] -= zero }
    }
    return try Tensor(values.map { Double($0) }, type: TensorType(.float64, counts.type.shape))
  }
}
