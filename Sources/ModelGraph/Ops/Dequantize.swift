/// Counts to real numbers by the input's quantization, or half-precision numbers to single precision where it has none.
public struct Dequantize: Operator {
  public static let name = "dequantize"

  public init() {}

  /// Weights are often stored in counts or half precision in front of the layer that reads them.
  public var parameterInputs: [Int] { [0] }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    let x = try inputs.type(0)
    guard x.quantization != nil || x.elementType.isFloatingPoint else {
      throw ModelError(.malformed, "a dequantization of \(x), which has no quantization")
    }
    return [TensorType(.float32, x.shape)]
  }
}
