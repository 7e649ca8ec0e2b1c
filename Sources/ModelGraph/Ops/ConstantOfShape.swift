/// A tensor with one value everywhere, of the shape that the input vector holds. ONNX ConstantOfShape; TensorFlow Lite FILL.
public struct ConstantOfShape: Operator {
  public static let name = "constantOfShape"

  public var value: Scalar
  public var elementType: ElementType

  public init(_ value: Scalar, elementType: ElementType) {
    self.value = value
    self.elementType = elementType
  }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    if let dimensions = try Reshape.requestedDimensions(inputs, index: 0) {
      guard dimensions.allSatisfy({ ($0.fixedValue ?? 0) >= 0 }) else {
        throw ModelError(.malformed, "a negative extent in \(Shape.ranked(dimensions))")
      }
      return [TensorType(elementType, .ranked(dimensions))]
    }
    return [TensorType(elementType, .unranked)]
  }
}
