/// How ONNX brings an exact sum of products of counts to the counts of an output: saturate(round(sum · multiplier) + zero point).
///
/// The multiplier is sₓ · s_w / s_y, or sₓ / s_y for an average, and it is a float32, each step rounded once: the scales are
/// float32 tensors in ONNX and its formulas name no wider type, so that an operator evaluated step by step has this one and no
/// other. The sum is rounded to float32 too, and so is the product; ties go to even. Against a product in unlimited precision,
/// the count differs by one at most, and only where that product lies within 2⁻²² of its own size from a tie.
///
/// Source: ONNX QLinearConv, QLinearMatMul, QuantizeLinear; com.microsoft QGemm.
public struct RealRescaling: Hashable, Sendable {
  /// One for all output channels, or one for each.
  public let multipliers: [Float]
  /// The count that stands for zero in the output.
  public let zeroPoint: Int32
  /// What the output's type and the operator's clamp leave.
  public let range: ClosedRange<Int32>

  /// The rescaling of Σ (x − zₓ) · (w − z_w) + b.
  ///
  /// - Parameter channels: output channels; the weights have one scale, or one for each of them.
  /// - Throws: `.unsupported` for tensors without such scales, and for a multiplier that is no finite number.
  public static func products(
    input: TensorType, weights: TensorType, output: TensorType, channels: Int, clamp: ClampRange = .unbounded
  ) throws(ModelError) -> RealRescaling {
    let x = try input.scale()
    let y = try output.scale()
    let scales = weights.quantization?.scales ?? []
    guard scales.count == 1 || scales.count == channels else {
      throw ModelError(.unsupported, "\(scales.count) scales of weights for \(channels) output channels")
    }
    return try RealRescaling(multipliers: scales.map { x * $0 / y }, output: output, clamp: clamp)
  }

  /// The rescaling of the average of x − zₓ, which is itself a float32.
  ///
  /// - Throws: as ``products(input:weights:output:channels:clamp:)``.
  public static func average(
    input: TensorType, output: TensorType, clamp: ClampRange = .unbounded
  ) throws(ModelError) -> RealRescaling {
    let factor = try input.scale() / output.scale()
    return try RealRescaling(multipliers: [factor], output: output, clamp: clamp)
  }

  private init(multipliers: [Float], output: TensorType, clamp: ClampRange) throws(ModelError) {
    guard multipliers.allSatisfy(\.isFinite) else {
      throw ModelError(.unsupported, "scales that leave no finite multiplier (output \(output))")
    }
    guard case .perTensor(let scale, let zeroPoint)? = output.quantization, let limits = output.elementType.countRange,
      let lowest = Int32(exactly: limits.lowerBound), let highest = Int32(exactly: limits.upperBound)
    else { throw ModelError(.unsupported, "sums of counts as \(output)") }
    func count(_ bound: Float) -> Int32 {
      let steps = (bound / scale).rounded(.toNearestOrEven)
      guard let whole = Int32(exactly: steps) else { return steps < 0 ? .min : .max }
      return Int32(clamping: Int(whole) + Int(zeroPoint))
    }
    let upper = min(max(clamp.upper.map(count) ?? highest, lowest), highest)
    self.multipliers = multipliers
    self.zeroPoint = zeroPoint
    // As a maximum followed by a minimum: the upper bound wins.
    range = min(max(clamp.lower.map(count) ?? lowest, lowest), upper)...upper
  }

  /// The count of a sum.
  public func count(of sum: Float, channel: Int) -> Int32 {
    let steps = (sum * multipliers[multipliers.count == 1 ? 0 : channel]).rounded(.toNearestOrEven)
    // No sum of counts comes near 2³¹ steps unless it saturates.
    guard let whole = Int32(exactly: steps) else { return steps < 0 ? range.lowerBound : range.upperBound }
    return Int32(clamping: min(max(Int(whole) + Int(zeroPoint), Int(range.lowerBound)), Int(range.upperBound)))
  }
}
