import FormatSupport
import ModelGraph

/// A type with one JSON form, written and read.
protocol JSONCoded {
  func encode(to json: inout JSONWriter) throws(ModelError)
  static func decoded(_ value: JSONElement) throws(ModelError) -> Self
}

/// A type whose JSON form is an object. One function names the fields for both directions, so that no field can be
/// written and not read, or read and not written. Named in the order of their names, they need not be sorted.
protocol FieldCoded: JSONCoded {
  /// Any value; reading begins with it and sets every field.
  static var blank: Self { get }
  mutating func code(_ fields: inout FieldCoder) throws(ModelError)
}

extension FieldCoded {
  func encode(to json: inout JSONWriter) throws(ModelError) {
    var copy = self
    try FieldCoder.write(to: &json) { (fields) throws(ModelError) in try copy.code(&fields) }
  }

  static func decoded(_ value: JSONElement) throws(ModelError) -> Self {
    guard value.isObject else { throw unexpected("an object", value) }
    var fields = FieldCoder(reading: value)
    var result = blank
    try result.code(&fields)
    try fields.requireAllRead()
    return result
  }
}

/// The error for a value of the wrong kind.
func unexpected(_ expected: String, _ found: JSONElement) -> ModelError {
  ModelError(.malformed, "expected \(expected), found \(found.kind)")
}
