/// How LiteRT adds or subtracts counts of two scales: both are brought to a common scale with `leftShift` more bits, and the sum
/// to the output's.
///
/// Source: `Prepare` in LiteRT's add.cc, sub.cc and squared_difference.cc.
public struct SumRescaling: Hashable, Sendable {
  public let leftShift: Int
  public let first: FixedPointMultiplier
  public let second: FixedPointMultiplier
  public let output: FixedPointMultiplier

  /// - Parameters:
  ///   - leftShift: 20 for 8-bit sums, 15 for 16-bit ones, 7 for squared differences.
  ///   - isSquared: whether the difference is squared before it is rescaled.
  /// - Throws: `.unsupported` for tensors without one scale, and for an output scale that is too fine for the shift.
  public init(
    _ first: TensorType, _ second: TensorType, output: TensorType, leftShift: Int, isSquared: Bool = false
  ) throws(ModelError) {
    let twiceLargest = 2 * Double(max(try first.scale(), try second.scale()))
    self.leftShift = leftShift
    self.first = try FixedPointMultiplier(Double(try first.scale()) / twiceLargest)
    self.second = try FixedPointMultiplier(Double(try second.scale()) / twiceLargest)
    let outputScale = Double(try output.scale())
    let factor =
      isSquared
      ? twiceLargest * twiceLargest / (Double(1 << (2 * leftShift)) * outputScale)
      : twiceLargest / (Double(1 << leftShift) * outputScale)
    self.output = try FixedPointMultiplier(factor)
    guard self.output.shift <= 0 else {
      throw ModelError(.unsupported, "a sum of counts with scale \(outputScale), too fine for its operands")
    }
  }

  /// The sum (or the difference) of two counts less their zero points, in units of the output scale.
  public func sum(_ a: Int32, _ b: Int32, subtracts: Bool) -> Int32 {
    output.applied(to: combined(a, b, subtracts: subtracts))
  }

  /// (a − b)², in units of the output scale.
  public func squaredDifference(_ a: Int32, _ b: Int32) -> Int32 {
    let difference = combined(a, b, subtracts: true)
    return output.applied(to: difference &* difference)
  }

  private func combined(_ a: Int32, _ b: Int32, subtracts: Bool) -> Int32 {
    let x = first.applied(to: a << Int32(leftShift))
    let y = second.applied(to: b << Int32(leftShift))
    return subtracts ? x &- y : x &+ y
  }
}
