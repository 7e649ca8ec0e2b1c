/// The type of one element of a tensor. Quantization is no element type: it stands on ``TensorType``.
public enum ElementType: String, Hashable, Sendable, CaseIterable {
  case float32, float16, bfloat16, float64
  case int4, int8, uint8, int16, uint16, int32, uint32, int64, uint64
  case bool, string

  /// Bits that one element takes; strings have no fixed width.
  public var bitWidth: Int? {
    switch self {
    case .int4: 4
    case .int8, .uint8, .bool: 8
    case .float16, .bfloat16, .int16, .uint16: 16
    case .float32, .int32, .uint32: 32
    case .float64, .int64, .uint64: 64
    case .string: nil
    }
  }

  public var isFloatingPoint: Bool {
    switch self {
    case .float32, .float16, .bfloat16, .float64: true
    default: false
    }
  }

  public var isInteger: Bool {
    switch self {
    case .int4, .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64, .uint64: true
    default: false
    }
  }

  /// The smallest and largest count that an integer type of at most 32 bits can hold.
  public var countRange: ClosedRange<Int>? {
    switch self {
    case .int4: -8...7
    case .int8: -128...127
    case .uint8: 0...255
    case .int16: -32768...32767
    case .uint16: 0...65535
    case .int32: Int(Int32.min)...Int(Int32.max)
    case .uint32: 0...Int(UInt32.max)
    default: nil
    }
  }

  /// The name in dumps, messages and the native format: `float32`, `int8`, …
  public var name: String { rawValue }

  public init?(name: String) { self.init(rawValue: name) }

  /// Bytes that `elementCount` elements take, 4-bit ones packed two a byte; nil on overflow and for strings.
  public func byteCount(elementCount: Int) -> Int? {
    guard let bitWidth, elementCount >= 0 else { return nil }
    let (bits, overflow) = elementCount.multipliedReportingOverflow(by: bitWidth)
    guard !overflow, bits <= Int.max - 7 else { return nil }
    return (bits + 7) / 8
  }
}
