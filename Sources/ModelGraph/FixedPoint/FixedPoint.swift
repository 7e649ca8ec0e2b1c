/// Arithmetic on 32-bit fixed-point numbers as gemmlowp defines it: what LiteRT's integer kernels are made of.
///
/// A raw integer r with n integer bits stands for r · 2^(n − 31). Sums wrap around; products and divisions round to nearest.
/// Source: gemmlowp, fixedpoint/fixedpoint.h.
public enum FixedPoint {
  /// 1 as nearly as 0 integer bits hold it.
  public static let one = Int32.max

  /// a · b · 2⁻³¹, rounded to nearest with ties away from zero; the one product that does not fit becomes the largest number.
  ///
  /// The integer bits of the product are the sum of those of its factors.
  public static func product(_ a: Int32, _ b: Int32) -> Int32 {
    if a == .min, b == .min { return .max }
    let product = Int64(a) * Int64(b)
    let nudge: Int64 = product >= 0 ? 1 << 30 : 1 - (1 << 30)
    return Int32(truncatingIfNeeded: (product + nudge) / (1 << 31))
  }

  /// x / 2^exponent, rounded to nearest with ties away from zero; the exponent is 0 … 31.
  public static func quotient(_ x: Int32, powerOfTwo exponent: Int) -> Int32 {
    let mask = (Int64(1) << Int64(exponent)) - 1
    let remainder = Int64(x) & mask
    let threshold = (mask >> 1) + (x < 0 ? 1 : 0)
    return (x >> Int32(exponent)) &+ (remainder > threshold ? 1 : 0)
  }

  /// x · 2^exponent, the nearest end of the range where it does not fit.
  public static func shiftedLeft(_ x: Int32, by exponent: Int) -> Int32 {
    Int32(clamping: Int64(x) << Int64(exponent))
  }

  /// eˣ for x ≤ 0 with 5 integer bits; the result has none.
  ///
  /// x = −¼·q + r with −¼ ≤ r < 0: a Taylor polynomial of degree 4 around −⅛ gives eʳ, and the bits of q choose among the
  /// factors e^−¼, e^−½, e⁻¹, … e⁻¹⁶.
  public static func exponential(ofNegative x: Int32) -> Int32 {
    if x == 0 { return one }
    let fractionalBits = 26
    let quarter: Int32 = 1 << Int32(fractionalBits - 2)
    let remainder = (x & (quarter - 1)) - quarter
    var result = exponentialNearZero(shiftedLeft(remainder, by: 5))
    let whole = remainder &- x
    for (index, factor) in exponentialFactors.enumerated() where whole & (1 << Int32(fractionalBits - 2 + index)) != 0 {
      result = product(result, factor)
    }
    return result
  }

  /// e^−2^(i − 2) with 0 integer bits.
  private static let exponentialFactors: [Int32] = [
    1_672_461_947, 1_302_514_674, 790_015_084, 290_630_308, 39_332_535, 720_401, 242,
  ]

  /// eˣ for −¼ ≤ x < 0, both with 0 integer bits.
  private static func exponentialNearZero(_ x: Int32) -> Int32 {
    let eighthRoot: Int32 = 1_895_147_668  // e^−⅛
    let third: Int32 = 715_827_883
    let y = x &+ (1 << 28)
    let square = product(y, y)
    let cube = product(square, y)
    let fourth = quotient(product(square, square), powerOfTwo: 2)
    let upper = quotient(product(fourth &+ cube, third) &+ square, powerOfTwo: 1)
    return eighthRoot &+ product(eighthRoot, y &+ upper)
  }

  /// 1 / x for x > 0 with `integerBits` integer bits, as a number without integer bits and the power of two to divide it by.
  ///
  /// x = 2^bitsOverUnit · (1 + y) with 0 ≤ y < 1; the number is 1 / (1 + y). Source: `GetReciprocal` in LiteRT's common.h.
  public static func reciprocal(of x: Int32, integerBits: Int) -> (number: Int32, bitsOverUnit: Int) {
    let headroom = x.leadingZeroBitCount
    let fraction = Int32(bitPattern: (UInt32(bitPattern: x) << UInt32(headroom)) &- (1 << 31))
    return (reciprocalOfOnePlus(fraction), integerBits - headroom)
  }

  /// 1 / (1 + x) for 0 ≤ x < 1 with 0 integer bits: three steps of Newton's method for 1 / ((1 + x) / 2) from 48/17 − 32/17 · d.
  private static func reciprocalOfOnePlus(_ x: Int32) -> Int32 {
    let half = Int32((Int64(x) + Int64(one) + 1) / 2)
    // With 2 integer bits from here on.
    var y = 1_515_870_810 &+ product(half, -1_010_580_540)
    for _ in 0..<3 {
      let remainder = (1 << 29) &- product(half, y)
      y = y &+ shiftedLeft(product(y, remainder), by: 2)
    }
    // Half of it with 1 integer bit is the same raw number; without integer bits it is twice that.
    return shiftedLeft(y, by: 1)
  }
}
