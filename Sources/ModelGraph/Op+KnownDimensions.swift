extension Op {
  /// No vector longer than this is a shape.
  private static let longestShape = 64

  /// The elements of a constant integer vector that may be a shape.
  static func knownDimensions(_ constant: Tensor) -> [Dimension]? {
    guard constant.elementType.isInteger, constant.type.quantization == nil, constant.extents.count <= 1,
      constant.elementCount <= longestShape
    else { return nil }
    guard let integers = try? constant.integers() else { return nil }
    return integers.map(Dimension.fixed)
  }

  /// The elements of the node's first output, a vector or a scalar, when they follow from shapes: the chains with which exporters
  /// compute the target of a Reshape or a Resize.
  ///
  /// - Parameter types: of the node's outputs.
  func knownDimensions(_ inputs: OperatorInputs, outputTypes types: [TensorType]) -> [Dimension]? {
    guard let type = types.first, let dimensions = type.shape.dimensions, dimensions.count <= 1,
      let elements = elements(inputs)
    else { return nil }
    // A list is no longer one where it stands in rows.
    if let extent = dimensions.first?.fixedValue, extent != elements.count { return nil }
    return dimensions.isEmpty && elements.count != 1 ? nil : elements
  }

  private func elements(_ inputs: OperatorInputs) -> [Dimension]? {
    switch self {
    case .shapeOf(let op):
      guard let dimensions = inputs.optionalType(0)?.shape.dimensions else { return nil }
      return Array(dimensions[op.axes(rank: dimensions.count)])
    case .gather(let op):
      guard op.axis == 0, let elements = inputs.knownDimensions(0), let indices = inputs.knownDimensions(1) else {
        return nil
      }
      var picked: [Dimension] = []
      for index in indices {
        guard let value = index.fixedValue else { return nil }
        let position = value < 0 ? value + elements.count : value
        guard elements.indices.contains(position) else { return nil }
        picked.append(elements[position])
      }
      return picked
    case .concat:
      var joined: [Dimension] = []
      for index in 0..<inputs.count {
        guard let elements = inputs.knownDimensions(index) else { return nil }
        joined += elements
      }
      return joined.count <= Self.longestShape ? joined : nil
    case .slice(let op):
      guard op.axes == [0], let elements = inputs.knownDimensions(0) else { return nil }
      let range = op.elements(0, extent: elements.count)
      return (0..<range.count).map { elements[range.first + $0 * range.step] }
    case .unsqueeze, .squeeze, .identity, .reshape:
      // Vectors and scalars only: the elements keep their order.
      guard (inputs.optionalType(0)?.shape.rank ?? 2) <= 1 else { return nil }
      return inputs.knownDimensions(0)
    case .cast(let op): return inputs.knownDimensions(0).flatMap { Self.casted($0, to: op.elementType) }
    case .binary(let op): return Self.combined(op.function, inputs.knownDimensions(0), inputs.knownDimensions(1))
    default: return nil
    }
  }

  /// The elements as another integer type; nil where it is none, or might not hold them.
  private static func casted(_ elements: [Dimension], to type: ElementType) -> [Dimension]? {
    switch type {
    case .int64: return elements
    case .int32, .uint32, .uint64, .int16, .uint16, .int8, .uint8:
      let range = type.countRange ?? 0...Int.max
      // An open extent is none that 32 bits would not hold.
      let holdsOpenOnes = type.bitWidth ?? 0 >= 32
      let fit = elements.allSatisfy { $0.fixedValue.map(range.contains) ?? (holdsOpenOnes && $0.isSurelyNotNegative) }
      return fit ? elements : nil
    default: return nil
    }
  }

  private static func combined(
    _ function: Binary.Function, _ left: [Dimension]?, _ right: [Dimension]?
  ) -> [Dimension]? {
    guard let left, let right, !left.isEmpty, !right.isEmpty else { return nil }
    guard left.count == right.count || left.count == 1 || right.count == 1 else { return nil }
    return (0..<max(left.count, right.count)).map { index in
      let a = left[left.count == 1 ? 0 : index]
      let b = right[right.count == 1 ? 0 : index]
      switch function {
      case .add: return a.adding(b)
      case .subtract: return b.fixedValue.map { $0 == .min ? .unknown : a.adding(-$0) } ?? .unknown
      case .multiply: return a.multiplied(by: b)
      case .floorDivide: return b.fixedValue.map { a.dividedRoundingDown(by: $0) } ?? .unknown
      case .divide: return b.fixedValue.map { truncatedQuotient(a, $0) } ?? .unknown
      default: return .unknown
      }
    }
  }

  /// Integers are divided towards zero: as ⌊a / b⌋ only where a is not negative.
  private static func truncatedQuotient(_ dividend: Dimension, _ divisor: Int) -> Dimension {
    if let value = dividend.fixedValue {
      let (quotient, overflow) = value.dividedReportingOverflow(by: divisor)
      return overflow ? .unknown : .fixed(quotient)
    }
    return dividend.isSurelyNotNegative ? dividend.dividedRoundingDown(by: divisor) : .unknown
  }
}

extension Dimension {
  /// Whether no extents of the inputs make it negative.
  fileprivate var isSurelyNotNegative: Bool { expression?.isSurelyNotNegative ?? false }
}

extension DimensionExpression {
  /// No step makes a negative number of others.
  fileprivate var isSurelyNotNegative: Bool {
    steps.allSatisfy { step in
      switch step {
      case .constant(let value), .sum(let value), .product(let value): value >= 0
      case .symbol, .sumOf, .productOf: true
      // A divisor is positive.
      case .floorQuotient, .ceilingQuotient: true
      }
    }
  }
}
