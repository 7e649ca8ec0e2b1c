/// y = x: Identity, Dropout at inference, a layer that only trains.
public struct Identity: Operator {
  public static let name = "identity"

  public init() {}

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    return [try inputs.type(0)]
  }
}
