import ModelGraph

/// Counts of one scale as counts of another.
extension Evaluation {
  /// z_y + (x − zₓ) · sₓ/s_y, limited to the output's type.
  ///
  /// Source: `Requantize` in reference/requantize.h.
  func requantize() throws(ModelError) -> [Tensor] {
    let x = try input(0)
    let factor = try FixedPointMultiplier(from: x.type, to: try countType())
    return try result(offsets: try offsets(x).map { factor.applied(to: $0) })
  }

  /// The parts one behind the other. Parts of uint8 counts that mean something else are rescaled: z_y + round(x · f − zₓ · f) with
  /// f = sₓ · (1/s_y), all in float32; other types must agree.
  ///
  /// Source: `ConcatenationWithScaling` in reference/concatenation.h.
  func integerConcat(_ op: Concat) throws(ModelError) -> [Tensor] {
    let type = try outputType()
    guard op.outputClamp.isUnbounded else { throw unknownArithmetic(.concat(op), "with a clamp") }
    var parts: [Tensor?] = []
    for index in inputs.indices {
      let part = try input(index)
      if part.type.quantization == type.quantization, part.elementType == type.elementType {
        parts.append(part)
        continue
      }
      guard part.elementType == .uint8, type.elementType == .uint8 else {
        throw unknownArithmetic(.concat(op), "of parts with different scales")
      }
      let scale = try part.type.scale() * (1 / type.scale())
      let bias = Float(-(try part.type.zeroPoint())) * scale
      let zeroPoint = try type.zeroPoint()
      let counts = try part.counts().map { count in
        let rounded = (Float(count) * scale + bias).rounded(.toNearestOrAwayFromZero)
        let whole = Int32(exactly: rounded) ?? (rounded < 0 ? -(1 << 24) : 1 << 24)
        return min(max(whole + zeroPoint, 0), 255)
      }
      parts.append(try Tensor(counts: counts, type: part.type.with(quantization: type.quantization)))
    }
    return try Evaluation(inputs: parts, outputTypes: outputTypes, arithmetic: arithmetic).concat(op)
  }
}

extension TensorType {
  fileprivate func with(quantization: Quantization?) -> TensorType {
    TensorType(elementType, shape, quantization: quantization)
  }
}
