/// y = min(max(x, lower), upper): ReLU, ReLU6, Clip. NaN stays NaN.
public struct Clamp: Operator {
  public static let name = "clamp"

  public var range: ClampRange

  public init(_ range: ClampRange) { self.range = range }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    return [try inputs.type(0)]
  }
}
