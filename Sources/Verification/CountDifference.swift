import ModelGraph

/// How far the counts of a quantized tensor lie from those of its reference.
///
/// A difference of one count is one step of the scale: what rounding in another order does.
public struct CountDifference: Hashable, Sendable {
  /// The largest difference.
  public var maximum: Int
  /// How many elements differ.
  public var differing: Int

  /// The differences of two tensors whose counts mean the same; nil where they do not, or are real numbers.
  init?(_ tensor: Tensor, reference: Tensor) throws(ModelError) {
    guard tensor.type.quantization != nil, tensor.type.quantization == reference.type.quantization,
      tensor.elementType == reference.elementType, tensor.elementCount == reference.elementCount
    else { return nil }
    maximum = 0
    differing = 0
    for (count, expected) in zip(try tensor.integers(), try reference.integers()) where count != expected {
      let (difference, overflow) = count.subtractingReportingOverflow(expected)
      maximum = max(maximum, overflow ? .max : Int(clamping: difference.magnitude))
      differing += 1
    }
  }
}
