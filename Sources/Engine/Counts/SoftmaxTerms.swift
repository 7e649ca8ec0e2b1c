import ModelGraph

/// The terms of LiteRT's softmax of 8-bit counts: e^−βsd for every distance d from a row's maximum, with 5 integer bits in and
/// none out.
///
/// Source: `Softmax` in LiteRT's reference/softmax.h, `PreprocessSoftmaxScaling` and `CalculateInputRadius` in
/// quantization_util.cc.
struct SoftmaxTerms {
  /// 256 of them.
  let values: [Int32]
  /// The largest distance whose term is not taken for zero.
  let reach: Int32

  /// - Throws: `.unsupported` for a scale so fine that its factor is no left shift.
  init(scale: Float, beta: Float) throws(ModelError) {
    guard beta > 0 else { throw ModelError(.unsupported, "a softmax with beta \(beta)") }
    let factor = try FixedPointMultiplier(min(Double(beta) * Double(scale) * 0x1p26, 0x1p30 - 1))
    guard factor.shift >= 1 else {
      throw ModelError(.unsupported, "a softmax with the input scale \(scale), which is too fine")
    }
    reach = Int32(31 * 0x1p26 / Double(1 << factor.shift))
    var terms = [Int32](repeating: 0, count: 256)
    for distance in 0..<min(256, Int(reach) + 1) {
      terms[distance] = FixedPoint.exponential(ofNegative: factor.applied(to: -Int32(distance)))
    }
    values = terms
  }
}
