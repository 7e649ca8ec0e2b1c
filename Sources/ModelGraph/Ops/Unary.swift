/// One function applied to every element.
public struct Unary: Operator {
  public static let name = "unary"

  public enum Function: Hashable, Sendable {
    case absolute, negate, exponential, logarithm, squareRoot, reciprocalSquareRoot, reciprocal, square
    case floor, ceiling, roundHalfToEven, sign
    case sine, cosine, errorFunction
    /// 1 / (1 + e⁻ˣ)
    case sigmoid
    case hyperbolicTangent
    /// ln(1 + eˣ)
    case softplus
    /// x / (1 + |x|)
    case softsign
    /// x · sigmoid(x), also called swish.
    case silu
    /// x · min(max(x + 3, 0), 6) / 6
    case hardSwish
    /// max(0, min(1, alpha · x + beta))
    case hardSigmoid(alpha: Float, beta: Float)
    /// x where x > 0, alpha · x elsewhere.
    case leakyReLU(alpha: Float)
    /// x where x > 0, alpha · (eˣ − 1) elsewhere.
    case elu(alpha: Float)
    /// gamma · (x where x > 0, alpha · (eˣ − 1) elsewhere); arXiv:1706.02515.
    case selu(alpha: Float, gamma: Float)
    /// x · Φ(x); with `approximate` by tanh; arXiv:1606.08415.
    case gelu(approximate: Bool)
    /// x where x > theta, 0 elsewhere.
    case thresholdedReLU(theta: Float)
    /// Logical negation of Booleans.
    case not
  }

  public var function: Function

  public init(_ function: Function) { self.function = function }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    return [try inputs.type(0)]
  }
}
