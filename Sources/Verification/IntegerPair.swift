import ModelGraph

/// An integer beside its reference.
public struct IntegerPair: Hashable, Sendable {
  public var value: Int
  public var reference: Int

  public init(value: Int, reference: Int) {
    self.value = value
    self.reference = reference
  }

  /// |value − reference|; a Double would round integers of more than 53 bits before their difference is taken.
  var difference: UInt {
    value > reference ? UInt(bitPattern: value &- reference) : UInt(bitPattern: reference &- value)
  }

  /// The elements of two tensors of integers or Booleans; nil where one of them holds real numbers.
  static func pairs(_ tensor: Tensor, _ reference: Tensor) throws(ModelError) -> [IntegerPair]? {
    guard tensor.type.holdsIntegers, reference.type.holdsIntegers else { return nil }
    return zip(try tensor.integers(), try reference.integers()).map { IntegerPair(value: $0, reference: $1) }
  }
}

extension TensorType {
  /// Whether the elements are integers or Booleans that stand for themselves.
  var holdsIntegers: Bool { quantization == nil && (elementType.isInteger || elementType == .bool) }
}
