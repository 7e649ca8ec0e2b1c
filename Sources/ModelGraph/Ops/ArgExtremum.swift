/// The index of the largest or smallest element along an axis; the first one of equals unless `takesLast`.
public struct ArgExtremum: Operator {
  public static let name = "argExtremum"

  public enum Kind: String, Hashable, Sendable, CaseIterable { case maximum, minimum }

  public var kind: Kind
  public var axis: Int
  public var keepsAxis: Bool
  public var takesLast: Bool
  public var elementType: ElementType

  public init(
    _ kind: Kind, axis: Int, keepsAxis: Bool, takesLast: Bool = false, elementType: ElementType = .int64
  ) {
    self.kind = kind
    self.axis = axis
    self.keepsAxis = keepsAxis
    self.takesLast = takesLast
    self.elementType = elementType
  }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    guard var dimensions = try inputs.type(0).shape.dimensions else { return [TensorType(elementType, .unranked)] }
    guard dimensions.indices.contains(axis) else {
      throw ModelError(.malformed, "axis \(axis) of a tensor with \(dimensions.count) axes")
    }
    if keepsAxis { dimensions[axis] = 1 } else { dimensions.remove(at: axis) }
    return [TensorType(elementType, .ranked(dimensions))]
  }
}
