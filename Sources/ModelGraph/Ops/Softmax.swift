/// e^(βx) / Σ e^(βx), or its logarithm, along one axis.
///
/// With `coversTrailingAxes` all axes from `axis` on are normalized together, as ONNX defined it before opset 13.
public struct Softmax: Operator {
  public static let name = "softmax"

  public var axis: Int
  public var beta: Float
  public var isLogarithm: Bool
  public var coversTrailingAxes: Bool

  public init(axis: Int, beta: Float = 1, isLogarithm: Bool = false, coversTrailingAxes: Bool = false) {
    self.axis = axis
    self.beta = beta
    self.isLogarithm = isLogarithm
    self.coversTrailingAxes = coversTrailingAxes
  }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    let x = try inputs.type(0)
    if let rank = x.shape.rank {
      guard (0..<max(rank, 1)).contains(axis) else {
        throw ModelError(.malformed, "axis \(axis) of a tensor with \(rank) axes")
      }
    }
    return [TensorType(x.elementType, x.shape)]
  }
}
