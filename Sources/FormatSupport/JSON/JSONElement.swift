/// One value of a ``JSONDocument``.
public struct JSONElement: Sendable {
  let document: JSONDocument
  let index: Int

  private var token: JSONDocument.Token { document.token(index) }

  /// The whole value.
  public var value: JSONValue {
    let token = token
    switch token.kind {
    case .null: return .null
    case .false: return .bool(false)
    case .true: return .bool(true)
    case .integer: return .integer(Int64(bitPattern: token.payload))
    case .double: return .double(Double(bitPattern: token.payload))
    case .plain, .unicode, .escaped: return .string(text)
    case .array:
      var elements: [JSONValue] = []
      elements.reserveCapacity(count)
      forEachElement { elements.append($0.value) }
      return .array(elements)
    case .object:
      var members = [String: JSONValue](minimumCapacity: count)
      forEachMember { members[$0] = $1.value }
      return .object(members)
    }
  }

  public var isNull: Bool { token.kind == .null }

  public var boolValue: Bool? {
    switch token.kind {
    case .true: true
    case .false: false
    default: nil
    }
  }

  /// A number written without fraction and exponent.
  public var integer: Int64? { token.kind == .integer ? Int64(bitPattern: token.payload) : nil }

  public var integerValue: Int? { integer.flatMap { Int(exactly: $0) } }

  /// A number, or one of the strings of ``JSONValue/real(_:)-(Double)``.
  public var realValue: Double? {
    let token = token
    switch token.kind {
    case .integer: return Double(Int64(bitPattern: token.payload))
    case .double: return Double(bitPattern: token.payload)
    default: return isString ? value.realValue : nil
    }
  }

  public var isString: Bool {
    switch token.kind {
    case .plain, .unicode, .escaped: true
    default: false
    }
  }

  public var stringValue: String? { isString ? text : nil }

  /// The bytes of a string in UTF-8; nil of anything else.
  public var utf8: JSONDocument.Text? { isString ? document.place(index) : nil }

  public var isArray: Bool { token.kind == .array }

  public var isObject: Bool { token.kind == .object }

  /// Elements of an array, members of an object; of anything else none.
  public var count: Int { isArray || isObject ? Int(token.payload) : 0 }

  /// What kind of value it is, for messages.
  public var kind: String {
    switch token.kind {
    case .array: "an array"
    case .object: "an object"
    default: value.kind
    }
  }

  /// The elements of an array; nil of anything else.
  public var elements: [JSONElement]? {
    guard isArray else { return nil }
    var result: [JSONElement] = []
    result.reserveCapacity(count)
    forEachElement { result.append($0) }
    return result
  }

  /// Hands each element of an array to `body`, in the order of the text.
  public func forEachElement<Failure: Error>(_ body: (JSONElement) throws(Failure) -> Void) throws(Failure) {
    guard isArray else { return }
    var next = index + 1
    for _ in 0..<count {
      try body(JSONElement(document: document, index: next))
      next = Int(document.token(next).next)
    }
  }

  /// Hands each member of an object to `body`, in the order of the text; no name occurs twice.
  public func forEachMember<Failure: Error>(_ body: (String, JSONElement) throws(Failure) -> Void) throws(Failure) {
    guard isObject else { return }
    var key = index + 1
    for _ in 0..<count {
      try body(JSONElement(document: document, index: key).text, JSONElement(document: document, index: key + 1))
      key = Int(document.token(key + 1).next)
    }
  }

  /// The names of an object's members, in the order of the text.
  public var memberNames: [String] {
    var names: [String] = []
    forEachMember { (name, _) in names.append(name) }
    return names
  }

  /// The member of an object that has this name; made for objects with a few members.
  public subscript(name: String) -> JSONElement? {
    guard isObject else { return nil }
    var name = name
    return name.withUTF8 { wanted in
      var key = index + 1
      for _ in 0..<count {
        let found = document.utf8(key)
        if found.count == wanted.count, zip(found, wanted).allSatisfy({ $0 == $1 }) {
          return JSONElement(document: document, index: key + 1)
        }
        key = Int(document.token(key + 1).next)
      }
      return nil
    }
  }

  private var text: String { String(decoding: document.utf8(index), as: UTF8.self) }
}
