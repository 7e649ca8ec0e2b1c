internal import ModelGraph

/// How lowerings read tensors of counts: ONNX states scale and zero point at every operator, the graph keeps them on the
/// tensor's type.
extension NodeLowering {
  /// The quantization that two inputs state for a tensor of counts.
  ///
  /// - Parameters:
  ///   - axis: the axis along which the scale may change; nil where one scale for the whole tensor is all that ONNX allows, or
  ///     all that is known here.
  ///   - role: what the counts are, for messages.
  /// - Throws: `.unsupported` for parameters that are computed at run time, stand in blocks, or are no float32; `.malformed` for
  ///   a scale that is no positive number, a zero point of another type, and numbers of parameters that do not fit.
  func quantization(
    scale: Int, zeroPoint: Int, of counts: TensorType, axis: Int? = nil, _ role: String
  ) throws(ModelError) -> Quantization {
    _ = try input(scale)
    guard let stated = constant(scale) else {
      throw ModelError(.unsupported, "a scale of \(role) that is computed at run time")
    }
    guard stated.elementType == .float32 else {
      throw ModelError(.unsupported, "a scale of \(role) of type \(stated.elementType.name)")
    }
    guard stated.extents.count <= 1 else {
      throw ModelError(.unsupported, "scales of \(role) in a tensor of shape \(stated.type.shape)")
    }
    let scales = try stated.floats()
    guard !scales.isEmpty else { throw ModelError(.malformed, "\(role) has no scale") }
    for (index, scale) in scales.enumerated() where !(scale > 0 && scale.isFinite) {
      let place = scales.count == 1 ? "" : " of channel \(index)"
      throw ModelError(.malformed, "the scale \(scale)\(place) of \(role) is no positive number")
    }
    let zeroPoints = try zeroPoints(zeroPoint, count: scales.count, of: counts.elementType, role)
    guard scales.count > 1 else { return .perTensor(scale: scales[0], zeroPoint: zeroPoints[0]) }
    guard let axis else {
      throw ModelError(.unsupported, "\(scales.count) scales of \(role), where one for the whole tensor is known")
    }
    guard let dimensions = counts.shape.dimensions else {
      throw ModelError(.unsupported, "scales along an axis of \(role), whose rank is not known")
    }
    let position = try self.axis(axis, rank: dimensions.count)
    guard dimensions[position].isCompatible(with: .fixed(scales.count)) else {
      throw ModelError(.malformed, "\(scales.count) scales for axis \(position) of \(role), \(counts)")
    }
    return .perAxis(axis: position, scales: scales, zeroPoints: zeroPoints)
  }

  /// As many zero points as scales, all zero where the input is absent.
  private func zeroPoints(
    _ index: Int, count: Int, of elementType: ElementType, _ role: String
  ) throws(ModelError) -> [Int32] {
    guard optionalInput(index) != nil else { return [Int32](repeating: 0, count: count) }
    guard let stated = constant(index) else {
      throw ModelError(.unsupported, "a zero point of \(role) that is computed at run time")
    }
    guard stated.elementType == elementType else {
      throw ModelError(.malformed, "a zero point of type \(stated.elementType.name) for \(elementType.name) counts")
    }
    guard stated.elementCount == count, stated.extents.count <= 1 else {
      throw ModelError(.malformed, "\(stated.elementCount) zero points and \(count) scales of \(role)")
    }
    let zeroPoints = try stated.integers().compactMap { Int32(exactly: $0) }
    guard zeroPoints.count == count, elementType != .int32 || zeroPoints.allSatisfy({ $0 == 0 }) else {
      throw ModelError(.malformed, "zero points of \(role) that \(elementType.name) counts cannot have")
    }
    return zeroPoints
  }

  /// Input `index`, 8-bit counts, with the quantization that two other inputs state for it.
  func quantizedInput(
    _ index: Int, scale: Int, zeroPoint: Int, axis: Int? = nil, _ role: String
  ) throws(ModelError) -> ValueID {
    let type = try inputType(index)
    guard type.elementType == .int8 || type.elementType == .uint8 else {
      throw ModelError(.malformed, "\(role) of type \(type.elementType.name), no counts of 8 bits")
    }
    return try counts(
      try input(index), as: try quantization(scale: scale, zeroPoint: zeroPoint, of: type, axis: axis, role))
  }

  /// Element type and quantization of an output with one scale; without a zero point it is of type `standard`.
  func quantizedOutput(
    scale: Int, zeroPoint: Int, standard: ElementType
  ) throws(ModelError) -> (elementType: ElementType, quantization: Quantization) {
    let elementType =
      try optionalInput(zeroPoint).map { (id) throws(ModelError) in try type(id).elementType } ?? standard
    guard elementType == .int8 || elementType == .uint8 else {
      throw ModelError(.malformed, "an output of type \(elementType.name), no counts of 8 bits")
    }
    let quantization = try quantization(
      scale: scale, zeroPoint: zeroPoint, of: TensorType(elementType, .unranked), "the output")
    return (elementType, quantization)
  }

  /// A bias as ONNX defines it for quantized products: int32 counts of sₓ · s_w (a float32 product) without a zero point.
  func quantizedBias(_ id: ValueID, x: ValueID, weights: ValueID) throws(ModelError) -> ValueID {
    guard try type(id).elementType == .int32 else {
      throw ModelError(.malformed, "a bias of type \(try type(id).elementType.name), no int32 counts")
    }
    guard case .perTensor(let scale, _)? = try type(x).quantization, let own = try type(weights).quantization else {
      throw ModelError(.internalFault, "a bias between operands without a scale")
    }
    let scales = own.scales.map { scale * $0 }
    guard own.axis != nil else { return try counts(id, as: .perTensor(scale: scales[0], zeroPoint: 0)) }
    return try counts(
      id, as: .perAxis(axis: 0, scales: scales, zeroPoints: [Int32](repeating: 0, count: scales.count)))
  }
}
