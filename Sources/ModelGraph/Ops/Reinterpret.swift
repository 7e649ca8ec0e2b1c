/// The same counts under another quantization, or under none: no element changes, only what it stands for.
///
/// ONNX tensors of counts do not carry their scale; every operator that reads one states it anew, and two readers may differ.
public struct Reinterpret: Operator {
  public static let name = "reinterpret"

  /// What the counts stand for from here on; nil: themselves.
  public var quantization: Quantization?

  public init(as quantization: Quantization?) { self.quantization = quantization }

  /// Weights may be read under a scale that is stated behind them.
  public var parameterInputs: [Int] { [0] }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    let x = try inputs.type(0)
    guard x.elementType.isInteger else {
      throw ModelError(.malformed, "\(x.elementType.name) elements cannot be read as counts")
    }
    if let axis = quantization?.axis, let rank = x.shape.rank, !(0..<rank).contains(axis) {
      throw ModelError(.malformed, "a quantization along axis \(axis) of a tensor with \(rank) axes")
    }
    return [TensorType(x.elementType, x.shape, quantization: quantization)]
  }
}
