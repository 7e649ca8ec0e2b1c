import ModelGraph

/// Arithmetic on 16-bit fixed-point numbers, as hard swish needs it: r stands for r · 2⁻¹⁵.
///
/// Source: gemmlowp, fixedpoint/fixedpoint.h; LiteRT, reference/hard_swish.h.
enum FixedPoint16 {
  /// a · b, rounded to nearest with ties away from zero, saturated.
  static func product(_ a: Int16, _ b: Int16) -> Int16 {
    if a == .min, b == .min { return .max }
    let product = Int32(a) * Int32(b)
    let nudge: Int32 = product >= 0 ? 1 << 14 : 1 - (1 << 14)
    return Int16(truncatingIfNeeded: (product + nudge) / (1 << 15))
  }

  /// a · b, cut towards zero, saturated.
  static func productCutOff(_ a: Int16, _ b: Int16) -> Int16 {
    if a == .min, b == .min { return .max }
    return Int16(truncatingIfNeeded: Int32(a) * Int32(b) / (1 << 15))
  }

  /// x / 2^exponent, rounded to nearest with ties away from zero.
  static func quotient(_ x: Int16, powerOfTwo exponent: Int) -> Int16 {
    Int16(truncatingIfNeeded: FixedPoint.quotient(Int32(x), powerOfTwo: exponent))
  }

  /// x · 2^exponent, saturated.
  static func shiftedLeft(_ x: Int16, by exponent: Int) -> Int16 {
    Int16(clamping: Int64(x) << Int64(exponent))
  }

  /// A 32-bit multiplier rounded to its upper half, saturated.
  static func upperHalf(_ multiplier: Int32) -> Int16 { Int16(clamping: (Int64(multiplier) + (1 << 15)) >> 16) }
}
