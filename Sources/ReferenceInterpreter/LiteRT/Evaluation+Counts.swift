import ModelGraph

/// Reading counts out of tensors and putting them back.
extension Evaluation {
  /// The count types that LiteRT's integer kernels compute with.
  static let countTypes: Set<ElementType> = [.int8, .uint8, .int16]

  /// The counts of a tensor less their zero point.
  ///
  /// - Throws: `.unsupported` for a tensor without one scale, or of another type than `types`.
  func offsets(
    _ tensor: Tensor, types: Set<ElementType> = Evaluation.countTypes
  ) throws(ModelError) -> [Int32] {
    let zeroPoint = try tensor.type.zeroPoint()
    guard types.contains(tensor.elementType) else {
      throw ModelError(.unsupported, "the operator is not defined for counts of type \(tensor.elementType.name)")
    }
    return try tensor.counts().map { $0 &- zeroPoint }
  }

  /// The result's type, which must have one scale and be one of `types`.
  func countType(_ types: Set<ElementType> = Evaluation.countTypes) throws(ModelError) -> TensorType {
    let type = try outputType()
    _ = try type.scale()
    guard types.contains(type.elementType) else {
      throw ModelError(.unsupported, "the operator does not give counts of type \(type.elementType.name)")
    }
    return type
  }

  /// The only result: offsets from the output's zero point, limited to `range` and to what the type holds.
  func result(
    offsets: [Int32], clamp range: ClampRange = .unbounded, layout: Layout = .channelsLast
  ) throws(ModelError) -> [Tensor] {
    let type = try countType()
    let zeroPoint = try type.zeroPoint()
    let limits = try range.counts(of: type)
    let counts = offsets.map { min(max($0 &+ zeroPoint, limits.lowerBound), limits.upperBound) }
    return try result(counts: counts, layout: layout)
  }

  /// The only result, its counts ready, computed as [N, H, W, C] where the operator is one on maps.
  func result(counts: [Int32], layout: Layout = .channelsLast) throws(ModelError) -> [Tensor] {
    let type = try outputType()
    guard layout == .channelsFirst else { return [try Tensor(counts: counts, type: type)] }
    return [
      try Tensor(counts: counts, type: type.permuted(by: Layout.firstToLast)).transposed(Layout.lastToFirst)
    ]
  }
}

extension Tensor {
  /// The counts of an 8- or 16-bit tensor, or the elements of an int32 one.
  ///
  /// - Throws: `.unsupported` for other types.
  func counts() throws(ModelError) -> [Int32] {
    switch elementType {
    case .int8: try elements(as: Int8.self).map { Int32($0) }
    case .uint8: try elements(as: UInt8.self).map { Int32($0) }
    case .int16: try elements(as: Int16.self).map { Int32($0) }
    case .int32: try elements(as: Int32.self)
    default: throw ModelError(.unsupported, "counts of type \(elementType.name)")
    }
  }

  /// 4-bit counts as 8-bit ones, which can change places; any other tensor as it is.
  func widened() throws(ModelError) -> Tensor {
    guard elementType == .int4 else { return self }
    return try Tensor(
      try integers().map { Int8(truncatingIfNeeded: $0) },
      type: TensorType(.int8, type.shape, quantization: type.quantization))
  }

  /// A tensor of counts that its type can hold.
  init(counts: [Int32], type: TensorType) throws(ModelError) {
    switch type.elementType {
    case .int8, .uint8: try self.init(counts.map { UInt8(truncatingIfNeeded: $0) }, type: type)
    case .int16: try self.init(counts.map { UInt16(truncatingIfNeeded: $0) }, type: type)
    default: throw ModelError(.unsupported, "counts of type \(type.elementType.name)")
    }
  }
}
