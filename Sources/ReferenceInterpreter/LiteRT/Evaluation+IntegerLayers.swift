import ModelGraph

/// Convolutions and dense layers whose input, weights and output are counts.
///
/// Sum = bias + Σ (x − zₓ)(w − z_w); y = clamp(z_y + sum · sₓ·s_w/s_y), the factor of a convolution a ``FixedPointMultiplier``. 8-bit
/// maps sum in 32 bits. 16-bit maps sum in the width of their bias, 64 bits without one, and take the factor's upper half.
extension Evaluation {
  /// Source: `Conv` in reference/conv.h (uint8), `ConvPerChannel` in reference/integer_ops/conv.h, and the depthwise kernels
  /// beside them, which are the same sums in groups.
  func integerConvolution(_ op: Conv2D) throws(ModelError) -> [Tensor] {
    let x = try channelsLast(0, op.layout)
    let filter = try canonicalFilter(op, channels: x.extents[3])
    let output = try channelsLastExtents(op.layout)
    let outputs = filter.extents[0]
    if x.elementType != .uint8, filter.type.quantization?.zeroPoints.contains(where: { $0 != 0 }) ?? false {
      throw ModelError(.unsupported, "a filter of signed counts with a zero point")
    }
    let factors = try FixedPointMultiplier.convolution(
      input: x.type, filter: filter.type, output: try countType(), channels: outputs)
    let map = try offsets(x)
    let weights = try weightOffsets(filter, of: x.elementType)
    func sums<Sum: FixedWidthInteger>(_: Sum.Type) -> [Sum] {
      IntegerProducts.convolution(
        op, map: map, input: x.extents, filter: weights, filterExtents: filter.extents, output: output)
    }
    let rescaled =
      try isWide(x) ? rescaledWide(sums(Int64.self), factors) : rescaled(sums(Int32.self), factors)
    return try result(offsets: rescaled, clamp: op.outputClamp, layout: op.layout)
  }

  /// y = clamp(z_y + round(sum · (sₓ·s_w/s_y))), all in float64, ties away from zero: unlike a convolution, whatever the types.
  ///
  /// That is what the kernels of LiteRT 2.3.0 do, found by sums within 2⁻²⁶ of a tie; its published sources still name the
  /// fixed-point multiplier. Source for the rest: `FullyConnected` in reference/fully_connected.h (uint8), `FullyConnected` and
  /// `FullyConnectedPerChannel` in reference/integer_ops/fully_connected.h.
  func integerFullyConnected(_ op: FullyConnected) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    var weights = try input(1).widened()
    if op.weightLayout == .inputOutput { weights = try weights.transposed([1, 0]) }
    let (outputs, inputs) = (weights.extents[0], weights.extents[1])
    let rows = try offsets(x)
    let columns = try weightOffsets(weights, of: x.elementType)
    func sums<Sum: FixedWidthInteger>(_: Sum.Type) -> [Sum] {
      IntegerProducts.dense(rows, weights: columns, inputs: inputs, outputs: outputs)
    }
    let factors = try realFactors(x.type, weights.type, try countType(), channels: outputs)
    let rescaled =
      try isWide(x)
      ? rescaledReal(sums(Int64.self), .int64, factors) : rescaledReal(sums(Int32.self), .int32, factors)
    return try result(offsets: rescaled, clamp: op.outputClamp)
  }

  /// The weights less their zero points, which only weights of one scale can have.
  private func weightOffsets(_ weights: Tensor, of input: ElementType) throws(ModelError) -> [Int32] {
    guard try outputType().elementType == input, weights.elementType == (input == .uint8 ? .uint8 : .int8) else {
      throw ModelError(
        .unsupported,
        "weights of type \(weights.elementType.name) between counts of type \(input.name) and "
          + (try outputType().elementType.name))
    }
    guard let quantization = weights.type.quantization, quantization.axis == nil || quantization.axis == 0 else {
      throw ModelError(.unsupported, "weights quantized along axis \(weights.type.quantization?.axis ?? 0)")
    }
    let zeroPoint = quantization.zeroPoints.first ?? 0
    guard quantization.zeroPoints.allSatisfy({ $0 == zeroPoint }) else {
      throw ModelError(.unsupported, "weights with a zero point for each channel")
    }
    return try weights.counts().map { $0 &- zeroPoint }
  }

  /// Whether sums take 64 bits.
  private func isWide(_ x: Tensor) throws(ModelError) -> Bool {
    guard x.elementType == .int16 else { return false }
    return optionalInput(2)?.elementType != .int32
  }

  /// The sums plus the bias of their channel, in units of the output scale.
  private func rescaled(_ sums: [Int32], _ factors: [FixedPointMultiplier]) throws(ModelError) -> [Int32] {
    try rescaled(sums, biasType: .int32, factors) { factor, sum in factor.applied(to: sum) }
  }

  /// As ``rescaled(_:_:)`` for sums of 64 bits.
  private func rescaledWide(_ sums: [Int64], _ factors: [FixedPointMultiplier]) throws(ModelError) -> [Int32] {
    for factor in factors { _ = try factor.forWideSums() }
    return try rescaled(sums, biasType: .int64, factors) { factor, sum in factor.applied(to: sum) }
  }

  /// As ``rescaled(_:_:)`` by real factors, ties away from zero.
  private func rescaledReal<Sum: FixedWidthInteger & BitwiseCopyable>(
    _ sums: [Sum], _ biasType: ElementType, _ factors: [Double]
  ) throws(ModelError) -> [Int32] {
    try rescaled(sums, biasType: biasType, factors) { factor, sum in
      Int32(saturating: (Double(sum) * factor).rounded(.toNearestOrAwayFromZero))
    }
  }

  /// sₓ · s_w / s_y of each channel.
  private func realFactors(
    _ input: TensorType, _ weights: TensorType, _ output: TensorType, channels: Int
  ) throws(ModelError) -> [Double] {
    let scales = weights.quantization?.scales ?? []
    guard scales.count == 1 || scales.count == channels else {
      throw ModelError(.unsupported, "\(scales.count) scales for \(channels) output channels")
    }
    let (inputScale, outputScale) = (Double(try input.scale()), Double(try output.scale()))
    return (0..<channels).map { inputScale * Double(scales[scales.count == 1 ? 0 : $0]) / outputScale }
  }

  private func rescaled<Sum: FixedWidthInteger & BitwiseCopyable, Factor>(
    _ sums: [Sum], biasType: ElementType, _ factors: [Factor], _ applied: (Factor, Sum) -> Int32
  ) throws(ModelError) -> [Int32] {
    var bias = [Sum](repeating: 0, count: factors.count)
    if let tensor = optionalInput(2) {
      guard tensor.elementType == biasType else { throw ModelError(.unsupported, "a bias of type \(tensor.type)") }
      bias = try tensor.elements(as: Sum.self)
    }
    guard bias.count == factors.count, !factors.isEmpty else {
      throw ModelError(.malformed, "the bias has \(bias.count) elements, expected \(factors.count)")
    }
    var result = [Int32](repeating: 0, count: sums.count)
    for start in stride(from: 0, to: sums.count, by: factors.count) {
      for c in factors.indices { result[start + c] = applied(factors[c], sums[start + c] &+ bias[c]) }
    }
    return result
  }
}
