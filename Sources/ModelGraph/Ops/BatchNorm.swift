/// Batch normalization at inference: y = γ · (x − μ) / √(σ² + ε) + β, channel by channel.
///
/// Inputs: x (any rank), γ [C] (optional), β [C] (optional), μ [C], σ² [C]. arXiv:1502.03167; ONNX BatchNormalization.
public struct BatchNorm: Operator {
  public static let name = "batchNorm"

  public var epsilon: Float
  /// The channel axis of x.
  public var axis: Int
  public var outputClamp: ClampRange

  public init(epsilon: Float, axis: Int, outputClamp: ClampRange = .unbounded) {
    self.epsilon = epsilon
    self.axis = axis
    self.outputClamp = outputClamp
  }

  public var parameterInputs: [Int] { [1, 2, 3, 4] }

  /// Positions of the moving statistics, which training does not learn by gradient.
  public static let statisticsInputs = [3, 4]

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(5...5)
    let x = try inputs.type(0)
    guard let dimensions = x.shape.dimensions else { return [x] }
    guard dimensions.indices.contains(axis) else {
      throw ModelError(.malformed, "axis \(axis) of a map with \(dimensions.count) axes")
    }
    guard epsilon >= 0, epsilon.isFinite else { throw ModelError(.malformed, "epsilon \(epsilon)") }
    _ = try inputs.type(3)
    _ = try inputs.type(4)
    for (index, role) in [(1, "gamma"), (2, "beta"), (3, "the mean"), (4, "the variance")] {
      try inputs.expectVector(index, of: dimensions[axis], role)
    }
    return [x]
  }
}
