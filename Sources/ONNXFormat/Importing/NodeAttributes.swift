internal import FormatSupport
internal import ModelGraph

/// A node's attributes under their names and types, with a record of which ones were read.
struct NodeAttributes {
  private let reader: AttributeReader<AttributeRecord.Content>

  /// - Throws: `.malformed` when two attributes have the same name.
  init(_ records: [AttributeRecord]) throws(ModelError) {
    reader = AttributeReader(try AttributeRecord.byName(records))
  }

  /// - Throws: `.unsupported`, naming every attribute that nobody read.
  func requireAllRead() throws(ModelError) { try reader.requireAllRead() }

  /// Marks attributes as read that have no influence on the result.
  func ignore(_ names: String...) {
    for name in names { _ = reader[name] }
  }

  func contains(_ name: String) -> Bool { reader.contains(name) }

  func int(_ name: String) throws(ModelError) -> Int? {
    guard let content = reader[name] else { return nil }
    guard case .int(let value) = content else { throw Self.wrongType(name, "an integer") }
    return Int(value)
  }

  func int(_ name: String, default standard: Int) throws(ModelError) -> Int { try int(name) ?? standard }

  /// An integer that stands for yes or no; any other than 0 and 1 is refused.
  func bool(_ name: String, default standard: Bool) throws(ModelError) -> Bool {
    guard let value = try int(name) else { return standard }
    guard value == 0 || value == 1 else {
      throw ModelError(.malformed, "\(value) is neither 0 nor 1", context: [.attribute(name)])
    }
    return value == 1
  }

  func ints(_ name: String) throws(ModelError) -> [Int]? {
    guard let content = reader[name] else { return nil }
    guard case .ints(let values) = content else { throw Self.wrongType(name, "a list of integers") }
    return values.map { Int($0) }
  }

  func float(_ name: String) throws(ModelError) -> Float? {
    guard let content = reader[name] else { return nil }
    guard case .float(let value) = content else { throw Self.wrongType(name, "a number") }
    return value
  }

  /// A finite number.
  func float(_ name: String, default standard: Float) throws(ModelError) -> Float {
    let value = try float(name) ?? standard
    guard value.isFinite else { throw ModelError(.malformed, "\(value) is not finite", context: [.attribute(name)]) }
    return value
  }

  func floats(_ name: String) throws(ModelError) -> [Float]? {
    guard let content = reader[name] else { return nil }
    guard case .floats(let values) = content else { throw Self.wrongType(name, "a list of numbers") }
    return values
  }

  func string(_ name: String) throws(ModelError) -> String? {
    guard let content = reader[name] else { return nil }
    guard case .string(let bytes) = content else { throw Self.wrongType(name, "a string") }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ModelError(.malformed, "the string is not UTF-8", context: [.attribute(name)])
    }
    return text
  }

  /// A string out of a closed set.
  ///
  /// - Throws: `.unsupported` for any other.
  func choice<Value>(
    _ name: String, default standard: String, _ choices: KeyValuePairs<String, Value>
  ) throws(ModelError) -> Value {
    let text = try string(name) ?? standard
    for (key, value) in choices where key == text { return value }
    throw ModelError(.unsupported, "\(name) = \"\(text)\"", context: [.attribute(name)])
  }

  func tensor(_ name: String) throws(ModelError) -> TensorRecord? {
    guard let content = reader[name] else { return nil }
    guard case .tensor(let record) = content else { throw Self.wrongType(name, "a tensor") }
    return record
  }

  private static func wrongType(_ name: String, _ expected: String) -> ModelError {
    ModelError(.malformed, "expected \(expected)", context: [.attribute(name)])
  }
}
