extension ClampRange {
  /// The counts of `type` to which the range limits a quantized output: what its element type holds, cut to
  /// zero point + round(bound / scale), the quotient a float32, ties away from zero.
  ///
  /// - Throws: `.unsupported` for a type without one scale or wider than 32 bits.
  ///
  /// Source: `CalculateActivationRangeQuantized` in LiteRT's kernel_util.cc.
  public func counts(of type: TensorType) throws(ModelError) -> ClosedRange<Int32> {
    guard let limits = type.elementType.countRange, let lowest = Int32(exactly: limits.lowerBound),
      let highest = Int32(exactly: limits.upperBound)
    else { throw ModelError(.unsupported, "a clamp of counts of type \(type)") }
    let scale = try type.scale()
    let zeroPoint = try type.zeroPoint()
    func count(_ bound: Float) -> Int32 {
      let steps = (bound / scale).rounded(.toNearestOrAwayFromZero)
      // Beyond the range of integers, or no number, only the side matters.
      guard let whole = Int32(exactly: steps) else { return steps < 0 ? .min : .max }
      return Int32(clamping: Int(whole) + Int(zeroPoint))
    }
    let upper = min(upper.map(count) ?? highest, highest)
    // As a maximum followed by a minimum: the upper bound wins.
    return min(max(lower.map(count) ?? lowest, lowest), upper)...upper
  }
}
