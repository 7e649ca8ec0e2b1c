/// A JSON document: integers kept apart from other numbers.
public enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  /// A number written without fraction and exponent.
  case integer(Int64)
  /// A number with fraction or exponent; not finite only where the text held Python's `NaN` or `Infinity`.
  case double(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// Ferry's convention for numbers that JSON cannot hold: the strings `"inf"`, `"-inf"` and `"nan"`.
  public static func real(_ value: Double) -> JSONValue {
    if value.isNaN { return .string("nan") }
    if value.isInfinite { return .string(value < 0 ? "-inf" : "inf") }
    return .double(value)
  }

  /// A Float, such that the shortest text of it is written wherever reading that text gives the same Float back.
  public static func real(_ value: Float) -> JSONValue {
    guard value.isFinite, let short = Double(value.description), Float(short) == value else {
      return real(Double(value))
    }
    return .double(short)
  }

  /// A number, or one of the strings of ``real(_:)-(Double)``.
  public var realValue: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .double(let value): value
    case .string("inf"): .infinity
    case .string("-inf"): -.infinity
    case .string("nan"): .nan
    default: nil
    }
  }

  public var integerValue: Int? {
    if case .integer(let value) = self { Int(exactly: value) } else { nil }
  }

  public var boolValue: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  public var stringValue: String? {
    if case .string(let value) = self { value } else { nil }
  }

  public var arrayValue: [JSONValue]? {
    if case .array(let value) = self { value } else { nil }
  }

  public var objectValue: [String: JSONValue]? {
    if case .object(let value) = self { value } else { nil }
  }

  public var isNull: Bool { self == .null }

  /// What kind of value it is, for messages.
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a Boolean"
    case .integer: "an integer"
    case .double: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
