import ModelGraph

extension Evaluation {
  /// The elements as another type. Real numbers are rounded once to a narrower real type; on the way to integers they are cut
  /// towards zero, those outside the type's range to its end, NaN to zero. Integers wrap around; every number but zero is true.
  ///
  /// Source: ONNX Cast and TensorFlow Lite CAST, which leave what lies outside the range open.
  func cast(_ op: Cast) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    let type = try outputType()
    if x.elementType == type.elementType { return [x] }
    guard x.elementType.isFloatingPoint else {
      let integers = try x.integers()
      switch type.elementType {
      // Straight from the integer: by way of float64 a large one would be rounded twice.
      case .float32: return [try Tensor(integers.map { Float($0) }, type: type)]
      case .float16: return [try Tensor(integers.map { Float16($0) }, type: type)]
      case .float64, .bfloat16: return try result(integers.map { Double($0) })
      default: return try result(integers)
      }
    }
    let values = try x.doubles()
    if type.elementType.isFloatingPoint { return try result(values) }
    switch type.elementType {
    case .bool: return try result(values.map { $0 == 0 ? 0 : 1 })
    case .uint64: return [try Tensor(values.map { UInt64(saturating: $0) }, type: type)]
    case .int64: return try result(values.map { Int(saturating: $0) })
    default:
      guard let range = type.elementType.countRange else {
        throw ModelError(.unsupported, "a cast to \(type.elementType.name)")
      }
      return try result(values.map { min(max(Int(saturating: $0), range.lowerBound), range.upperBound) })
    }
  }

  /// count = clamp(round(x / scale) + zero point); the quotient is a float32, ties go to even or away from zero as the operator
  /// says; NaN becomes the zero point.
  ///
  /// Source: ONNX QuantizeLinear; TensorFlow Lite QUANTIZE (`AffineQuantize`).
  func quantize(_ op: Quantize) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    let type = try outputType()
    guard x.elementType.isFloatingPoint, x.type.quantization == nil else {
      throw ModelError(.unsupported, "the quantization of \(x.type) anew")
    }
    guard let range = type.elementType.countRange, let quantization = type.quantization else {
      throw ModelError(.unsupported, "a quantization to \(type)")
    }
    let parameters = try Self.parameterIndices(quantization, x.extents)
    let scales = quantization.scales
    let zeroPoints = quantization.zeroPoints
    let rule: FloatingPointRoundingRule = op.roundsHalfToEven ? .toNearestOrEven : .toNearestOrAwayFromZero
    return try result(
      zip(try x.floats(), parameters).map { value, parameter in
        let (count, overflow) = Int(saturating: Double((value / scales[parameter]).rounded(rule)))
          .addingReportingOverflow(Int(zeroPoints[parameter]))
        if overflow { return value < 0 ? range.lowerBound : range.upperBound }
        return min(max(count, range.lowerBound), range.upperBound)
      })
  }

  /// x = scale · (count − zero point), or the half-precision number as it is.
  ///
  /// Source: ONNX DequantizeLinear; TensorFlow Lite DEQUANTIZE.
  func dequantize() throws(ModelError) -> [Tensor] {
    let x = try input(0)
    guard let quantization = x.type.quantization else { return try result(try reals(0)) }
    let parameters = try Self.parameterIndices(quantization, x.extents)
    let scales = quantization.scales
    let zeroPoints = quantization.zeroPoints
    return try result(
      zip(try x.integers(), parameters).map { count, parameter in
        Double(scales[parameter]) * (Double(count) - Double(zeroPoints[parameter]))
      })
  }

  /// For each element, which scale and zero point are its own.
  ///
  /// - Throws: `.malformed` when the quantization does not fit the shape.
  static func parameterIndices(
    _ quantization: Quantization, _ extents: [Int]
  ) throws(ModelError) -> [Int] {
    let count = try product(extents)
    var blockSize = 1
    switch quantization {
    case .perTensor: return [Int](repeating: 0, count: count)
    case .perAxis: break
    case .blocked(_, let size, _, _): blockSize = size
    }
    guard let axis = quantization.axis, extents.indices.contains(axis), blockSize > 0 else {
      throw ModelError(.malformed, "a quantization (\(quantization)) of a tensor of shape \(Shape(extents))")
    }
    let inner = try product(extents[(axis + 1)...])
    let extent = extents[axis]
    var indices: [Int] = []
    indices.reserveCapacity(count)
    if case .perAxis = quantization {
      for index in 0..<count { indices.append(index / inner % extent) }
    } else {
      let blocks = (extent - 1) / blockSize + 1
      for index in 0..<count {
        let outer = index / (inner * extent)
        indices.append((outer * blocks + index / inner % extent / blockSize) * inner + index % inner)
      }
    }
    guard let last = indices.max(), last < quantization.scales.count, last < quantization.zeroPoints.count else {
      throw ModelError(.malformed, "a quantization (\(quantization)) of a tensor of shape \(Shape(extents))")
    }
    return indices
  }

  /// The extents of some axes. Source: ONNX Shape (opset 15); TensorFlow Lite SHAPE.
  func shapeOf(_ op: ShapeOf) throws(ModelError) -> [Tensor] {
    let extents = try input(0).extents
    return try result(Array(extents[op.axes(rank: extents.count)]))
  }

  /// One value everywhere. Source: ONNX ConstantOfShape; TensorFlow Lite FILL.
  func constantOfShape(_ op: ConstantOfShape) throws(ModelError) -> [Tensor] {
    [try Tensor(type: try outputType(), splat: op.value).densified()]
  }
}
