/// The value of one option, as the file has it or by the schema's default.
package enum OptionValue: Hashable, Sendable {
  case integer(Int)
  case float(Float)
  case bool(Bool)
  case integers([Int])
  case floats([Float])
  case string(String)
  /// The value's number, and its name or again the number.
  case enumeration(Int, name: String)
}
