/// Elements of a where the condition holds, of b elsewhere; all three broadcast. Inputs: condition, a, b. ONNX Where.
public struct Select: Operator {
  public static let name = "select"

  public init() {}

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(3...3)
    let a = try inputs.type(1)
    let b = try inputs.type(2)
    guard try inputs.type(0).elementType == .bool, a.elementType == b.elementType else {
      throw ModelError(.malformed, "a choice between \(a) and \(b) by \(try inputs.type(0))")
    }
    let shape = try Shape.broadcast(try inputs.type(0).shape, try Shape.broadcast(a.shape, b.shape))
    return [TensorType(a.elementType, shape)]
  }
}
