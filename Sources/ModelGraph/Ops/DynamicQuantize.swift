/// Real numbers to uint8 counts, with a scale and a zero point that are chosen from the numbers themselves.
///
/// Input: x, float32 of any shape. Outputs: the counts (uint8, the shape of x, no quantization on the type since it is not known
/// before the network runs), the scale (float32, scalar), the zero point (uint8, scalar).
/// Source: ONNX DynamicQuantizeLinear.
public struct DynamicQuantize: Operator {
  public static let name = "dynamicQuantize"

  public init() {}

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    let x = try inputs.type(0)
    guard x.elementType == .float32 else {
      throw ModelError(.unsupported, "a dynamic quantization of \(x.elementType.name) elements")
    }
    return [TensorType(.uint8, x.shape), TensorType(.float32, .scalar), TensorType(.uint8, .scalar)]
  }
}
