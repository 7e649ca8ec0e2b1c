public import ModelGraph

extension AttributeReader where Attribute == JSONValue {
  /// The required attribute as an integer. Floats with an integral value count: Python writes `2.0` for some of them.
  public func integer(_ name: String) throws(ModelError) -> Int {
    try require(name, "an integer", self[name]) { Self.integer($0) }
  }

  public func integer(_ name: String, default value: Int) throws(ModelError) -> Int {
    contains(name) ? try integer(name) : value
  }

  /// An integer, or nil where the attribute is missing or null.
  public func optionalInteger(_ name: String) throws(ModelError) -> Int? {
    isMissingOrNull(name) ? nil : try integer(name)
  }

  public func real(_ name: String) throws(ModelError) -> Double {
    try require(name, "a number", self[name]) { $0.realValue }
  }

  public func real(_ name: String, default value: Double) throws(ModelError) -> Double {
    contains(name) ? try real(name) : value
  }

  /// A number, or nil where the attribute is missing or null.
  public func optionalReal(_ name: String) throws(ModelError) -> Double? {
    isMissingOrNull(name) ? nil : try real(name)
  }

  public func bool(_ name: String) throws(ModelError) -> Bool {
    try require(name, "a Boolean", self[name]) { $0.boolValue }
  }

  public func bool(_ name: String, default value: Bool) throws(ModelError) -> Bool {
    contains(name) ? try bool(name) : value
  }

  public func string(_ name: String) throws(ModelError) -> String {
    try require(name, "a string", self[name]) { $0.stringValue }
  }

  public func string(_ name: String, default value: String) throws(ModelError) -> String {
    contains(name) ? try string(name) : value
  }

  /// A string, or nil where the attribute is missing or null.
  public func optionalString(_ name: String) throws(ModelError) -> String? {
    isMissingOrNull(name) ? nil : try string(name)
  }

  public func array(_ name: String) throws(ModelError) -> [JSONValue] {
    try require(name, "an array", self[name]) { $0.arrayValue }
  }

  public func object(_ name: String) throws(ModelError) -> [String: JSONValue] {
    try require(name, "an object", self[name]) { $0.objectValue }
  }

  /// A list of integers; of exactly `count` where that is given. One integer stands for `count` equal ones.
  public func integers(_ name: String, count: Int? = nil) throws(ModelError) -> [Int] {
    let values = try require(name, "a list of integers", self[name]) { (value) -> [Int]? in
      if let single = Self.integer(value), let count { return [Int](repeating: single, count: count) }
      guard let elements = value.arrayValue else { return nil }
      let integers = elements.compactMap { Self.integer($0) }
      return integers.count == elements.count ? integers : nil
    }
    guard count == nil || values.count == count else {
      throw ModelError(.malformed, "expected \(count ?? 0) integers, found \(values.count)").within(.attribute(name))
    }
    return values
  }

  public func integers(_ name: String, count: Int? = nil, default value: [Int]) throws(ModelError) -> [Int] {
    contains(name) ? try integers(name, count: count) : value
  }

  private func isMissingOrNull(_ name: String) -> Bool { self[name].map(\.isNull) ?? true }

  private func require<Value>(
    _ name: String, _ expected: String, _ value: JSONValue?, _ convert: (JSONValue) -> Value?
  ) throws(ModelError) -> Value {
    guard let value else { throw ModelError(.malformed, "is missing").within(.attribute(name)) }
    guard let converted = convert(value) else {
      throw ModelError(.malformed, "expected \(expected), found \(value.kind)").within(.attribute(name))
    }
    return converted
  }

  private static func integer(_ value: JSONValue) -> Int? {
    switch value {
    case .integer(let integer): Int(exactly: integer)
    case .double(let double): Int(exactly: double)
    default: nil
    }
  }
}
