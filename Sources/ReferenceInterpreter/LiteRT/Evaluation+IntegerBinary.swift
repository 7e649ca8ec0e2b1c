import ModelGraph

/// Functions of two tensors of counts, broadcast.
extension Evaluation {
  /// Sums, differences and squared differences by ``SumRescaling``; a product is rescaled by s₁·s₂/s_y, computed in float32;
  /// a maximum or minimum is that of the counts, which must mean the same.
  ///
  /// Source: add.cc, sub.cc, mul.cc, squared_difference.cc, maximum_minimum.cc.
  func integerBinary(_ op: Binary) throws(ModelError) -> [Tensor] {
    let type = try outputType()
    let (first, second) = (try input(0), try input(1))
    guard first.elementType == second.elementType, first.elementType == type.elementType else {
      throw unknownArithmetic(.binary(op), "between two element types")
    }
    let extents = try outputExtents()
    let x = try first.broadcast(to: extents)
    let y = try second.broadcast(to: extents)
    switch op.function {
    case .add, .subtract:
      let subtracts = op.function == .subtract
      let rescaling = try SumRescaling(
        first.type, second.type, output: type, leftShift: type.elementType == .int16 ? 15 : 20)
      try requireSymmetric16Bit([first.type, second.type, type])
      return try result(
        offsets: zip(try offsets(x), try offsets(y)).map { rescaling.sum($0, $1, subtracts: subtracts) },
        clamp: op.outputClamp)
    case .multiply:
      let factor = try FixedPointMultiplier(
        Double(try first.type.scale() * second.type.scale() / type.scale()))
      try requireSymmetric16Bit([first.type, second.type, type])
      return try result(
        offsets: zip(try offsets(x), try offsets(y)).map { factor.applied(to: $0 &* $1) }, clamp: op.outputClamp)
    case .squaredDifference:
      let rescaling = try SumRescaling(first.type, second.type, output: type, leftShift: 7, isSquared: true)
      return try result(
        offsets: zip(try offsets(x, types: [.int8]), try offsets(y, types: [.int8])).map(rescaling.squaredDifference),
        clamp: op.outputClamp)
    case .maximum, .minimum:
      guard first.type.quantization == type.quantization, second.type.quantization == type.quantization else {
        throw unknownArithmetic(.binary(op), "between two scales")
      }
      let takesLarger = op.function == .maximum
      return try result(
        offsets: zip(try offsets(x), try offsets(y)).map { takesLarger ? max($0, $1) : min($0, $1) },
        clamp: op.outputClamp)
    case .divide, .power, .floorDivide, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .and, .or:
      throw unknownArithmetic(.binary(op))
    }
  }

  /// - Throws: `.unsupported` where a 16-bit tensor has a zero point: the kernels take none.
  func requireSymmetric16Bit(_ types: [TensorType]) throws(ModelError) {
    for type in types where type.elementType == .int16 {
      guard try type.zeroPoint() == 0 else {
        throw ModelError(.unsupported, "16-bit counts with a zero point: \(type)")
      }
    }
  }
}
