/// Layer normalization over the axes from `axis` on: y = γ · (x − mean) / √(variance + ε) + β.
///
/// Inputs: x, γ and β (both optional, of the normalized axes' shape). arXiv:1607.06450; ONNX LayerNormalization.
public struct LayerNorm: Operator {
  public static let name = "layerNorm"

  public var epsilon: Float
  public var axis: Int

  public init(epsilon: Float, axis: Int) {
    self.epsilon = epsilon
    self.axis = axis
  }

  public var parameterInputs: [Int] { [1, 2] }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...3)
    let x = try inputs.type(0)
    if let rank = x.shape.rank {
      guard (0..<rank).contains(axis) else { throw ModelError(.malformed, "axis \(axis) of \(x.shape)") }
      for index in 1...2 {
        guard let parameter = inputs.optionalType(index) else { continue }
        guard parameter.shape.isCompatible(with: .ranked(Array((x.shape.dimensions ?? [])[axis...]))) else {
          throw ModelError(.malformed, "a parameter of shape \(parameter.shape) for \(x.shape) from axis \(axis) on")
        }
      }
    }
    return [x]
  }
}
