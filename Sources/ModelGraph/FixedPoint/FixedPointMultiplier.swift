/// A real factor as LiteRT's kernels multiply by it: multiplier · 2^(shift − 31), the multiplier 2³⁰ … 2³¹ − 1, or zero.
public struct FixedPointMultiplier: Hashable, Sendable {
  public let multiplier: Int32
  /// −31 … 30.
  public let shift: Int

  /// The nearest multiplier to a factor that is not negative; below 2⁻³² it is zero.
  ///
  /// - Throws: `.unsupported` for a factor that is negative, not finite or 2³⁰ and more: the kernels cannot shift that far.
  ///
  /// Source: `QuantizeMultiplier` in LiteRT's quantization_util.cc.
  public init(_ factor: Double) throws(ModelError) {
    guard factor >= 0, factor < Double(1 << 30) else {
      throw ModelError(.unsupported, "the quantization scales ask for a rescaling by \(factor)")
    }
    guard factor > 0 else {
      multiplier = 0
      shift = 0
      return
    }
    var exponent = Int(factor.exponent) + 1
    var fixed = Int64((factor.significand / 2 * 0x1p31).rounded(.toNearestOrAwayFromZero))
    if fixed == 1 << 31 {
      fixed /= 2
      exponent += 1
    }
    multiplier = exponent < -31 ? 0 : Int32(truncatingIfNeeded: fixed)
    shift = exponent < -31 ? 0 : exponent
  }

  /// Takes over a multiplier and a shift that were computed otherwise.
  public init(multiplier: Int32, shift: Int) {
    self.multiplier = multiplier
    self.shift = shift
  }

  /// x · factor, rounded twice to nearest, ties away from zero: once with the multiplier, once with the right shift.
  ///
  /// A left shift comes first and wraps around.
  /// Source: `MultiplyByQuantizedMultiplier` in LiteRT's common.cc, built without TFLITE_SINGLE_ROUNDING as its packages are.
  public func applied(to x: Int32) -> Int32 {
    let shifted = shift > 0 ? Int32(truncatingIfNeeded: Int64(x) << Int64(shift)) : x
    return FixedPoint.quotient(FixedPoint.product(shifted, multiplier), powerOfTwo: max(-shift, 0))
  }

  /// x · factor for a 64-bit sum |x| < 2⁴⁷, rounded once, the multiplier first reduced to its upper 15 bits.
  ///
  /// Source: the 64-bit `MultiplyByQuantizedMultiplier` in LiteRT's common.cc.
  public func applied(to x: Int64) -> Int32 {
    let reduced = Int64(multiplier < 0x7FFF_0000 ? (multiplier + (1 << 15)) >> 16 : 0x7FFF)
    let right = 15 - shift
    return Int32(truncatingIfNeeded: (x &* reduced &+ (1 << Int64(right - 1))) >> Int64(right))
  }

  /// The same multiplier, once it is known that 64-bit sums can be rescaled by it.
  ///
  /// - Throws: `.unsupported` for a shift of 8 and more.
  public func forWideSums() throws(ModelError) -> FixedPointMultiplier {
    guard shift < 8 else {
      throw ModelError(.unsupported, "the quantization scales ask for a rescaling of 64-bit sums by 2^\(shift)")
    }
    return self
  }

  /// The factor divided by a whole number: the multiplier is shifted up as far as the number has bits, and cut.
  ///
  /// Source: `QuantizedMeanOrSum` in LiteRT's reference/reduce.h.
  public func divided(by count: Int) -> FixedPointMultiplier {
    let bits = min(Int64.bitWidth - 1 - Int64(count).leadingZeroBitCount, 32, 31 + shift)
    return FixedPointMultiplier(
      multiplier: Int32(truncatingIfNeeded: (Int64(multiplier) << Int64(bits)) / Int64(count)), shift: shift - bits)
  }
}
