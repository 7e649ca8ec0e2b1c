public import ModelGraph

/// A strict reader of JSON (RFC 8259) from bytes.
///
/// Stricter than the RFC: the same key twice in an object, an unpaired surrogate, an integer beyond 64 bits and a number
/// beyond Double are errors. ``Limits/jsonDepth``, ``Limits/jsonBytes`` and ``Limits/jsonValues`` bound what a text may
/// demand. All errors are `.malformed` and carry the offset of the fault.
public struct JSONParser {
  private let bytes: UnsafeRawBufferPointer
  private let baseOffset: Int
  private let maximumDepth: Int
  private let allowsNonFinite: Bool
  private var position = 0
  private var depth = 0
  private var valueCount = 0
  private let maximumValueCount: Int

  /// Parses one document.
  ///
  /// - Parameters:
  ///   - baseOffset: where `bytes` begins in the file; added to the offsets of errors.
  ///   - allowsNonFinite: whether Python's tokens `NaN`, `Infinity` and `-Infinity` count as numbers.
  public static func parse(
    _ bytes: UnsafeRawBufferPointer, baseOffset: Int = 0, limits: Limits = .standard, allowsNonFinite: Bool = false
  ) throws(ModelError) -> JSONValue {
    guard bytes.count <= limits.jsonBytes else {
      throw ModelError(
        .malformed, "the JSON text of \(bytes.count) bytes passes the limit of \(limits.jsonBytes)",
        byteOffset: baseOffset)
    }
    var parser = JSONParser(
      bytes: bytes, baseOffset: baseOffset, limits: limits, allowsNonFinite: allowsNonFinite)
    let value = try parser.value()
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.fault("characters after the end of the document") }
    return value
  }

  /// Parses a document held as text.
  public static func parse(
    _ text: String, limits: Limits = .standard, allowsNonFinite: Bool = false
  ) throws(ModelError) -> JSONValue {
    var text = text
    let result: Result<JSONValue, ModelError> = text.withUTF8 { utf8 in
      Result { () throws(ModelError) in
        try parse(UnsafeRawBufferPointer(utf8), limits: limits, allowsNonFinite: allowsNonFinite)
      }
    }
    return try result.get()
  }

  private init(bytes: UnsafeRawBufferPointer, baseOffset: Int, limits: Limits, allowsNonFinite: Bool) {
    self.bytes = bytes
    self.baseOffset = baseOffset
    maximumDepth = limits.jsonDepth
    maximumValueCount = limits.jsonValues
    self.allowsNonFinite = allowsNonFinite
  }

  private func fault(_ message: String, at offset: Int? = nil) -> ModelError {
    ModelError(.malformed, "JSON: \(message)", byteOffset: baseOffset + (offset ?? position))
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func value() throws(ModelError) -> JSONValue {
    skipSpace()
    guard let byte = current else { throw fault("the text ends where a value is expected") }
    valueCount += 1
    guard valueCount <= maximumValueCount else { throw fault("more than \(maximumValueCount) values") }
    switch byte {
    case UInt8(ascii: "{"): return try nested { (parser) throws(ModelError) in try parser.object() }
    case UInt8(ascii: "["): return try nested { (parser) throws(ModelError) in try parser.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "N") where allowsNonFinite: return try literal("NaN", .double(.nan))
    case UInt8(ascii: "I") where allowsNonFinite: return try literal("Infinity", .double(.infinity))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw fault("a value cannot begin like this")
    }
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(ModelError) -> JSONValue
  ) throws(ModelError) -> JSONValue {
    guard depth < maximumDepth else { throw fault("nested deeper than \(maximumDepth) levels") }
    depth += 1
    position += 1
    let result = try body(&self)
    depth -= 1
    return result
  }

  private mutating func object() throws(ModelError) -> JSONValue {
    var members: [String: JSONValue] = [:]
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object(members) }
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw fault("expected a key") }
      let keyPosition = position
      let key = try string()
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw fault("expected ':' after a key") }
      let value = try value()
      guard members.updateValue(value, forKey: key) == nil else {
        throw fault("the key \"\(key)\" occurs twice", at: keyPosition)
      }
      skipSpace()
      if take(UInt8(ascii: "}")) { return .object(members) }
      guard take(UInt8(ascii: ",")) else { throw fault("expected ',' or '}'") }
    }
  }

  private mutating func array() throws(ModelError) -> JSONValue {
    var elements: [JSONValue] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array(elements) }
    while true {
      elements.append(try value())
      skipSpace()
      if take(UInt8(ascii: "]")) { return .array(elements) }
      guard take(UInt8(ascii: ",")) else { throw fault("expected ',' or ']'") }
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    position += 1
    return true
  }

  private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(ModelError) -> JSONValue {
    let start = position
    let matches = text.withUTF8Buffer { expected in
      bytes.count - start >= expected.count && expected.indices.allSatisfy { bytes[start + $0] == expected[$0] }
    }
    guard matches else { throw fault("a value cannot begin like this") }
    position += text.utf8CodeUnitCount
    return value
  }

  // MARK: Numbers

  private mutating func number() throws(ModelError) -> JSONValue {
    let start = position
    let isNegative = take(UInt8(ascii: "-"))
    if isNegative, allowsNonFinite, current == UInt8(ascii: "I") {
      return try literal("Infinity", .double(-.infinity))
    }
    let integerStart = position
    let integerDigits = skipDigits()
    guard integerDigits > 0 else { throw fault("a number without digits") }
    guard integerDigits == 1 || bytes[integerStart] != UInt8(ascii: "0") else {
      throw fault("a number with leading zeros", at: start)
    }
    var isInteger = true
    if take(UInt8(ascii: ".")) {
      isInteger = false
      guard skipDigits() > 0 else { throw fault("a number without digits after its point") }
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      position += 1
      isInteger = false
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      guard skipDigits() > 0 else { throw fault("a number without digits in its exponent") }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger {
      guard let integer = Int64(text) else { throw fault("an integer beyond 64 bits", at: start) }
      return .integer(integer)
    }
    guard let double = Double(text), double.isFinite else { throw fault("a number beyond double precision", at: start) }
    return .double(double)
  }

  private mutating func skipDigits() -> Int {
    let start = position
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    return position - start
  }

  // MARK: Strings

  private mutating func string() throws(ModelError) -> String {
    let start = position
    position += 1
    var runStart = position
    // What was read before the last escape; most strings have none and are made in one step.
    var unescaped: [UInt8] = []
    while true {
      guard let byte = current else { throw fault("a string without end", at: start) }
      switch byte {
      case UInt8(ascii: "\""):
        let run = bytes[runStart..<position]
        position += 1
        let text: String?
        if unescaped.isEmpty {
          text = String(validating: run, as: UTF8.self)
        } else {
          unescaped += run
          text = String(validating: unescaped, as: UTF8.self)
        }
        guard let text else { throw fault("a string is not valid UTF-8", at: start) }
        return text
      case UInt8(ascii: "\\"):
        unescaped += bytes[runStart..<position]
        position += 1
        unescaped += UTF8.encode(try escape()) ?? .init()
        runStart = position
      case 0..<0x20: throw fault("a control character in a string")
      default: position += 1
      }
    }
  }

  private mutating func escape() throws(ModelError) -> Unicode.Scalar {
    let start = position - 1
    guard let byte = current else { throw fault("a string without end", at: start) }
    position += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape(start)
    default: throw fault("an unknown escape", at: start)
    }
  }

  private mutating func unicodeEscape(_ start: Int) throws(ModelError) -> Unicode.Scalar {
    let first = try fourHexDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    // What is no scalar is a surrogate: a high one must be followed by a low one.
    guard (0xD800...0xDBFF).contains(first), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
      throw fault("an unpaired surrogate", at: start)
    }
    let second = try fourHexDigits()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw fault("an unpaired surrogate", at: start) }
    return scalar
  }

  private mutating func fourHexDigits() throws(ModelError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current else { throw fault("a string without end") }
      let digit: UInt32
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = UInt32(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = UInt32(byte - UInt8(ascii: "a")) + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = UInt32(byte - UInt8(ascii: "A")) + 10
      default: throw fault("an escape without four hexadecimal digits")
      }
      value = value << 4 | digit
      position += 1
    }
    return value
  }
}
