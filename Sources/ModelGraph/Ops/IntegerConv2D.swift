/// Two-dimensional convolution of counts whose zero points are operands: y = Σ (x − zₓ) · (w − z_w) in int32.
///
/// Inputs: x and filter in the convolution's layouts, both int8 or uint8 and without quantization; the
/// zero point of x (one element, optional), the zero points of the filter (one element, or [O]; optional). Output: int32.
/// Positions outside the map hold the zero point, that is nothing. Source: ONNX ConvInteger.
public struct IntegerConv2D: Operator {
  public static let name = "integerConv2d"

  /// The convolution of x − zₓ with w − z_w, which limits nothing.
  public var convolution: Conv2D

  public init(_ convolution: Conv2D = Conv2D()) { self.convolution = convolution }

  public var parameterInputs: [Int] { [1] }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(2...4)
    guard convolution.outputClamp.isUnbounded else { throw ModelError(.malformed, "a clamp of int32 sums") }
    try inputs.expectCounts(0, zeroPoint: 2, "the map")
    try inputs.expectCounts(1, zeroPoint: 3, "the filter")
    let product = try convolution.outputTypes(OperatorInputs(types: [try inputs.type(0), try inputs.type(1)]))
    return product.map { TensorType(.int32, $0.shape) }
  }

  public func multiplyAccumulates(_ inputs: OperatorInputs, outputs: [TensorType]) -> Int? {
    convolution.multiplyAccumulates(inputs, outputs: outputs)
  }
}

extension OperatorInputs {
  /// Checks an operand of 8-bit counts and its zero point, which is of the same type.
  ///
  /// - Throws: `.malformed` for other types; `.unsupported` for an operand whose type carries a quantization of its own.
  func expectCounts(_ index: Int, zeroPoint: Int, _ role: String) throws(ModelError) {
    let counts = try type(index)
    guard counts.elementType == .int8 || counts.elementType == .uint8 else {
      throw ModelError(.malformed, "\(role) holds \(counts.elementType.name) elements, not counts of 8 bits")
    }
    guard counts.quantization == nil else {
      throw ModelError(.unsupported, "\(role) has a scale of its own (\(counts))")
    }
    guard let zero = optionalType(zeroPoint) else { return }
    guard zero.elementType == counts.elementType, zero.quantization == nil else {
      throw ModelError(.malformed, "a zero point of type \(zero) for \(role) of type \(counts)")
    }
  }
}
