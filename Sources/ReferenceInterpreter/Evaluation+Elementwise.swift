import Glibc
import ModelGraph

extension Evaluation {
  /// y = min(max(x, lower), upper); NaN stays NaN. Integers are limited to the integers inside the range.
  ///
  /// Source: ONNX Clip and Relu; TensorFlow Lite RELU, RELU6, RELU_N1_TO_1.
  func clamp(_ op: Clamp) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    if x.elementType.isFloatingPoint { return try result(try x.doubles(), clamp: op.range) }
    guard x.elementType.isInteger else { throw ModelError(.unsupported, "a clamp of \(x.elementType.name) elements") }
    return try result(try x.integers(), clamp: op.range)
  }

  /// One function applied to every element; the formulas stand at ``real(_:)`` and ``integer(_:)``.
  func unary(_ op: Unary) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    if op.function == .not {
      guard x.elementType == .bool else {
        throw ModelError(.unsupported, "the negation of \(x.elementType.name) elements")
      }
      return try result(try x.integers().map { $0 == 0 ? 1 : 0 })
    }
    if x.elementType.isFloatingPoint { return try result(try x.doubles().map(Self.real(op.function))) }
    guard x.elementType.isInteger, let function = Self.integer(op.function) else {
      throw ModelError(.unsupported, "the function \(op.function) of \(x.elementType.name) elements")
    }
    return try result(try x.integers().map(function))
  }

  /// y = x where x > 0, slope · x elsewhere, the slope broadcast to x.
  ///
  /// Source: arXiv:1502.01852, equation 1; ONNX PRelu; TensorFlow Lite PRELU.
  func prelu() throws(ModelError) -> [Tensor] {
    let x = try reals(0)
    let slope = try realElements(try input(1).broadcast(to: try input(0).extents))
    return try result(zip(x, slope).map { x, slope in x > 0 ? x : slope * x })
  }

  /// Elements of `a` where the condition holds, of `b` elsewhere, all three broadcast.
  ///
  /// Source: ONNX Where; TensorFlow Lite SELECT_V2.
  func select() throws(ModelError) -> [Tensor] {
    let extents = try outputExtents()
    let type = try outputType()
    let condition = try input(0).broadcast(to: extents).integers()
    let a = try input(1).broadcast(to: extents).reshaped(to: [condition.count])
    let b = try input(2).broadcast(to: extents).reshaped(to: [condition.count])
    // Both choices as one vector, a before b, from which each element is picked whatever its type is.
    let choices = Evaluation(
      inputs: [a, b], outputTypes: [TensorType(type.elementType, [.fixed(2 * condition.count)])],
      arithmetic: arithmetic)
    let positions = condition.enumerated().map { index, holds in holds != 0 ? index : condition.count + index }
    let picked = try choices.concat(Concat(axis: 0))[0].picked(
      [positions], type: TensorType(type.elementType, [.fixed(condition.count)]))
    return [try picked.reshaped(to: extents)]
  }

  /// The function on real numbers.
  ///
  /// Sources: the ONNX operators Abs, Neg, Exp, Log, Sqrt, Reciprocal, Floor, Ceil, Round, Sign, Sin, Cos, Erf, Sigmoid, Tanh,
  /// Softplus, Softsign, HardSwish, HardSigmoid, LeakyRelu, Elu, Selu, Gelu, ThresholdedRelu; arXiv:1905.02244 (hard swish),
  /// arXiv:1606.08415 (gelu), arXiv:1706.02515 (selu); TensorFlow Lite RSQRT, SQUARE, HARD_SWISH.
  private static func real(_ function: Unary.Function) -> (Double) -> Double {
    switch function {
    case .absolute: { abs($0) }
    case .negate: { -$0 }
    case .exponential: { exp($0) }
    case .logarithm: { log($0) }
    case .squareRoot: { $0.squareRoot() }
    case .reciprocalSquareRoot: { 1 / $0.squareRoot() }
    case .reciprocal: { 1 / $0 }
    case .square: { $0 * $0 }
    case .floor: { $0.rounded(.down) }
    case .ceiling: { $0.rounded(.up) }
    case .roundHalfToEven: { $0.rounded(.toNearestOrEven) }
    case .sign: { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }
    case .sine: { sin($0) }
    case .cosine: { cos($0) }
    case .errorFunction: { erf($0) }
    case .sigmoid: { sigmoid($0) }
    case .hyperbolicTangent: { tanh($0) }
    // ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|), whose power cannot overflow.
    case .softplus: { ($0 < 0 ? 0 : $0) + log1p(exp(-abs($0))) }
    case .softsign: { $0 / (1 + abs($0)) }
    case .silu: { $0 * sigmoid($0) }
    case .hardSwish: { $0 * ClampRange.relu6.applied($0 + 3) / 6 }
    case .hardSigmoid(let alpha, let beta):
      { ClampRange(lower: 0, upper: 1).applied(Double(alpha) * $0 + Double(beta)) }
    case .leakyReLU(let alpha): { $0 > 0 ? $0 : Double(alpha) * $0 }
    case .elu(let alpha): { $0 > 0 ? $0 : Double(alpha) * expm1($0) }
    case .selu(let alpha, let gamma): { Double(gamma) * ($0 > 0 ? $0 : Double(alpha) * expm1($0)) }
    case .gelu(approximate: false): { $0 * 0.5 * (1 + erf($0 / 2.0.squareRoot())) }
    case .gelu(approximate: true):
      { $0 * 0.5 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }
    case .thresholdedReLU(let theta): { $0 > Double(theta) ? $0 : 0 }
    case .not: { $0 == 0 ? 1 : 0 }
    }
  }

  /// The function on integers, wrapping around; nil for functions that leave them.
  private static func integer(_ function: Unary.Function) -> ((Int) -> Int)? {
    switch function {
    case .absolute: { $0 < 0 ? 0 &- $0 : $0 }
    case .negate: { 0 &- $0 }
    case .square: { $0 &* $0 }
    case .sign: { $0.signum() }
    case .floor, .ceiling, .roundHalfToEven: { $0 }
    default: nil
    }
  }

  /// 1 / (1 + e⁻ˣ); written for negative x as eˣ / (1 + eˣ), which keeps its digits.
  private static func sigmoid(_ x: Double) -> Double {
    x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x))
  }
}
