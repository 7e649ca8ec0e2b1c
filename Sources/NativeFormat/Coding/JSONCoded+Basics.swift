import FormatSupport
import ModelGraph

extension Int: JSONCoded {
  func encode(to json: inout JSONWriter) { json.write(Int64(self)) }

  static func decoded(_ value: JSONElement) throws(ModelError) -> Int {
    guard let integer = value.integerValue else { throw unexpected("an integer", value) }
    return integer
  }
}

extension Int32: JSONCoded {
  func encode(to json: inout JSONWriter) { json.write(Int64(self)) }

  static func decoded(_ value: JSONElement) throws(ModelError) -> Int32 {
    guard let integer = value.integerValue.flatMap({ Int32(exactly: $0) }) else {
      throw unexpected("an integer of 32 bits", value)
    }
    return integer
  }
}

extension Int64: JSONCoded {
  func encode(to json: inout JSONWriter) { json.write(self) }

  static func decoded(_ value: JSONElement) throws(ModelError) -> Int64 {
    guard let integer = value.integer else { throw unexpected("an integer", value) }
    return integer
  }
}

extension Float: JSONCoded {
  func encode(to json: inout JSONWriter) { json.write(.real(self)) }

  /// Numbers that are not finite are the strings `inf`, `-inf` and `nan`.
  static func decoded(_ value: JSONElement) throws(ModelError) -> Float {
    guard let number = value.realValue else { throw unexpected("a number", value) }
    let float = Float(number)
    guard float.isFinite || !number.isFinite else { throw ModelError(.malformed, "a number beyond single precision") }
    return float
  }
}

extension Double: JSONCoded {
  func encode(to json: inout JSONWriter) { json.write(.real(self)) }

  static func decoded(_ value: JSONElement) throws(ModelError) -> Double {
    guard let number = value.realValue else { throw unexpected("a number", value) }
    return number
  }
}

extension Bool: JSONCoded {
  func encode(to json: inout JSONWriter) { json.write(.bool(self)) }

  static func decoded(_ value: JSONElement) throws(ModelError) -> Bool {
    guard let bool = value.boolValue else { throw unexpected("a Boolean", value) }
    return bool
  }
}

extension String: JSONCoded {
  func encode(to json: inout JSONWriter) { json.write(self) }

  static func decoded(_ value: JSONElement) throws(ModelError) -> String {
    guard let string = value.stringValue else { throw unexpected("a string", value) }
    return string
  }
}

extension Optional: JSONCoded where Wrapped: JSONCoded {
  func encode(to json: inout JSONWriter) throws(ModelError) {
    if let self { try self.encode(to: &json) } else { json.write(.null) }
  }

  static func decoded(_ value: JSONElement) throws(ModelError) -> Wrapped? {
    value.isNull ? nil : try Wrapped.decoded(value)
  }
}

extension Array: JSONCoded where Element: JSONCoded {
  func encode(to json: inout JSONWriter) throws(ModelError) {
    json.beginArray()
    for element in self {
      json.beginElement()
      try element.encode(to: &json)
    }
    json.endArray()
  }

  static func decoded(_ value: JSONElement) throws(ModelError) -> [Element] {
    guard value.isArray else { throw unexpected("an array", value) }
    var elements: [Element] = []
    elements.reserveCapacity(value.count)
    try value.forEachElement { (element) throws(ModelError) in elements.append(try Element.decoded(element)) }
    return elements
  }
}

extension Dictionary: JSONCoded where Key == String, Value: JSONCoded {
  func encode(to json: inout JSONWriter) throws(ModelError) {
    json.beginObject()
    for (key, value) in self {
      json.beginMember(key)
      try value.encode(to: &json)
    }
    json.endObject()
  }

  static func decoded(_ value: JSONElement) throws(ModelError) -> [String: Value] {
    guard value.isObject else { throw unexpected("an object", value) }
    var result = [String: Value](minimumCapacity: value.count)
    try value.forEachMember { (key, member) throws(ModelError) in result[key] = try Value.decoded(member) }
    return result
  }
}

extension JSONCoded where Self: RawRepresentable, RawValue == String {
  func encode(to json: inout JSONWriter) { json.write(rawValue) }

  static func decoded(_ value: JSONElement) throws(ModelError) -> Self {
    guard let text = value.stringValue else { throw unexpected("a string", value) }
    guard let result = Self(rawValue: text) else { throw unknownKind(text) }
    return result
  }
}
