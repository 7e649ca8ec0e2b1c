/// Matrix product of counts whose zero points are operands: a [..., M, K] · b [..., K, N] → [..., M, N] in int32.
///
/// y = Σₖ (a − zₐ) · (b − z_b). Inputs: a, b, both int8 or uint8 and without quantization; the zero point of a (one element, or
/// one a row), the zero point of b (one element, or one a column), both optional. Output: int32. Source: ONNX MatMulInteger.
public struct IntegerMatMul: Operator {
  public static let name = "integerMatMul"

  public init() {}

  public var parameterInputs: [Int] { [0, 1] }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(2...4)
    try inputs.expectCounts(0, zeroPoint: 2, "the left factor")
    try inputs.expectCounts(1, zeroPoint: 3, "the right factor")
    let product = try MatMul().outputTypes(OperatorInputs(types: [try inputs.type(0), try inputs.type(1)]))
    return product.map { TensorType(.int32, $0.shape) }
  }

  public func multiplyAccumulates(_ inputs: OperatorInputs, outputs: [TensorType]) -> Int? {
    MatMul().multiplyAccumulates(inputs, outputs: outputs)
  }
}
