/// x where x > 0, slope · x elsewhere; inputs x and slope, the slope broadcast to x. arXiv:1502.01852.
public struct PReLU: Operator {
  public static let name = "prelu"

  public init() {}

  public var parameterInputs: [Int] { [1] }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(2...2)
    let x = try inputs.type(0)
    let shape = try Shape.broadcast(x.shape, try inputs.type(1).shape)
    guard shape.isCompatible(with: x.shape) else {
      throw ModelError(.malformed, "a slope of shape \(try inputs.type(1).shape) does not broadcast to \(x.shape)")
    }
    return [x]
  }
}
