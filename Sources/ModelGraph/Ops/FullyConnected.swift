/// A dense layer: y = clamp(x · Wᵀ + b).
///
/// Inputs: x [..., I], weights [O, I] or [I, O] (by `weightLayout`), bias [O] (optional). Output: [..., O], or [N, O] with all
/// leading axes flattened into one. TensorFlow Lite FULLY_CONNECTED, Keras Dense, ONNX Gemm.
public struct FullyConnected: Operator {
  public static let name = "fullyConnected"

  public enum WeightLayout: String, Hashable, Sendable, CaseIterable {
    /// [O, I], the canonical one.
    case outputInput
    /// [I, O]
    case inputOutput
  }

  public var weightLayout: WeightLayout
  /// Whether the leading axes of x stay as they are, or become one.
  public var keepsLeadingAxes: Bool
  public var outputClamp: ClampRange
  /// How real numbers meet weights of counts.
  public var inputQuantization: InputQuantization

  public init(
    weightLayout: WeightLayout = .outputInput, keepsLeadingAxes: Bool = true, outputClamp: ClampRange = .unbounded,
    inputQuantization: InputQuantization = .symmetric
  ) {
    self.weightLayout = weightLayout
    self.keepsLeadingAxes = keepsLeadingAxes
    self.outputClamp = outputClamp
    self.inputQuantization = inputQuantization
  }

  public var parameterInputs: [Int] { [1, 2] }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(2...3)
    let x = try inputs.type(0)
    let weights = try inputs.dimensions(1, rank: 2, "the weights")
    let outputs = weightLayout == .outputInput ? weights[0] : weights[1]
    let features = weightLayout == .outputInput ? weights[1] : weights[0]
    try inputs.expectVector(2, of: outputs, "the bias")
    guard let dimensions = x.shape.dimensions else { return [TensorType(x.elementType, .unranked)] }
    guard let last = dimensions.last else { throw ModelError(.malformed, "the input is a scalar") }
    guard last.isCompatible(with: features) else {
      throw ModelError(.malformed, "the input has \(last) features, the weights read \(features)")
    }
    let leading = dimensions.dropLast()
    if keepsLeadingAxes { return [TensorType(x.elementType, .ranked(leading + [outputs]))] }
    let rows = leading.reduce(Dimension.fixed(1)) { $0.multiplied(by: $1) }
    return [TensorType(x.elementType, .ranked([rows, outputs]))]
  }

  public func multiplyAccumulates(_ inputs: OperatorInputs, outputs: [TensorType]) -> Int? {
    guard let count = outputs.first?.shape.elementCount(),
      let features = inputs.optionalType(0)?.shape.dimensions?.last?.fixedValue
    else { return nil }
    let (product, overflow) = count.multipliedReportingOverflow(by: features)
    return overflow ? nil : product
  }
}
