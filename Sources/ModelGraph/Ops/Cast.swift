/// Converts elements to another type; floating-point numbers are cut towards zero on the way to integers.
public struct Cast: Operator {
  public static let name = "cast"

  public var elementType: ElementType

  public init(to elementType: ElementType) { self.elementType = elementType }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    return [TensorType(elementType, try inputs.type(0).shape)]
  }
}
