import Glibc
import ModelGraph

/// The logistic function and the hyperbolic tangent of 16-bit counts: straight lines between 256 points of σ(i / 24), which serve both,
/// since tanh(x) = 2σ(2x) − 1, and by symmetry negative numbers too.
///
/// Source: `Logistic` in reference/integer_ops/logistic.h, `Tanh` in reference/integer_ops/tanh.h, `SigmoidPrepare` and `TanhPrepare` in
/// activations.cc.
struct SigmoidTable {
  /// σ(i / 24) with 16 bits behind the point, each raised by half of what the middle of its line would be off; the last is the largest
  /// number of 16 bits.
  ///
  /// That is what the kernels' table holds, found by asking them at every point.
  private static let points: [Int32] =
    (0..<255).map { index in
      func sigmoid(_ place: Double) -> Double { 65536 / (1 + exp(-place / 24)) }
      let place = Double(index)
      let drawn = (sigmoid(place) + sigmoid(place + 1)) / 2
      let raised = sigmoid(place) + (sigmoid(place + 0.5) - drawn) / 2
      return Int32(raised.rounded(.toNearestOrAwayFromZero))
    } + [65535]

  /// From counts to steps of 1 / (3 · 4096): (count · multiplier) / 2^shift.
  private let multiplier: Int32
  private let shift: Int32

  /// - Parameter exactShifts: by how many bits a scale that is a power of two may lie above 2⁻¹² and be shifted instead of multiplied.
  /// - Throws: `.unsupported` for a scale so coarse that the product of a count leaves 32 bits, or so fine that nothing is left of it.
  private init(_ scale: Float, exactShifts: ClosedRange<Int>) throws(ModelError) {
    if let exponent = Self.powerOfTwo(scale), exactShifts.contains(12 + exponent) {
      multiplier = 3 << Int32(12 + exponent)
      shift = 0
      return
    }
    // The product of scale and 4096 is a float64.
    var factor = Double(scale) * 4096 * 3
    var bits: Int32 = 0
    while factor <= 32767.0 / 2, bits <= 30 {
      bits += 1
      factor *= 2
    }
    guard factor >= 1, factor < 65536 else {
      throw ModelError(.unsupported, "a sigmoid of 16-bit counts with the input scale \(scale)")
    }
    multiplier = Int32(factor)
    shift = bits
  }

  /// σ of each count, with 15 bits behind the point.
  static func logistic(_ counts: [Int32], scale: Float) throws(ModelError) -> [Int32] {
    let table = try SigmoidTable(scale, exactShifts: 0...0)
    return counts.map { count in
      let position = table.position(count)
      // Beyond the last point: as near to one as 15 bits allow.
      let value = Self.value(position.magnitude, bitsBetweenPoints: 9) ?? 0x7FFF << 10
      return (position >= 0 ? value + (1 << 9) : (1 << 25) - value + (1 << 9) - 1) >> 10
    }
  }

  /// tanh of each count, with 15 bits behind the point.
  static func hyperbolicTangent(_ counts: [Int32], scale: Float) throws(ModelError) -> [Int32] {
    let table = try SigmoidTable(scale, exactShifts: 0...1)
    return counts.map { count in
      let position = table.position(count)
      let value = Self.value(position.magnitude, bitsBetweenPoints: 8) ?? 0xFFFF << 8
      let twice = position >= 0 ? value - (1 << 23) : (1 << 23) - value - 1
      return (twice + (1 << 7)) >> 8
    }
  }

  /// Whether a number is 2⁻¹⁵ as nearly as the kernels ask for it.
  static func isUnit(_ scale: Float) -> Bool { powerOfTwo(scale) == -15 }

  private func position(_ count: Int32) -> Int32 {
    (count * multiplier + (shift > 0 ? 1 << (shift - 1) : 0)) >> shift
  }

  /// The value at a position, `bitsBetweenPoints` more behind the point; nil beyond the last point but one.
  private static func value(_ position: UInt32, bitsBetweenPoints bits: Int32) -> Int32? {
    let index = Int(position >> UInt32(bits))
    guard index < 255 else { return nil }
    let (first, second) = (points[index], points[index + 1])
    return first << bits + Int32(position & ((1 << UInt32(bits)) - 1)) * (second - first)
  }

  /// The power of two that a number is within a thousandth of its logarithm, all in float32. Source: `CheckedLog2` in kernel_util.cc.
  private static func powerOfTwo(_ number: Float) -> Int? {
    let exponent = logf(number) * (1 / logf(2))
    let whole = exponent.rounded(.toNearestOrAwayFromZero)
    return abs(exponent - whole) < 1e-3 ? Int(exactly: whole) : nil
  }
}
