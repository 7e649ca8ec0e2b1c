public import ModelGraph

/// A strict reader of JSON (RFC 8259) from bytes.
///
/// Stricter than the RFC: the same key twice in an object, an unpaired surrogate, an integer beyond 64 bits and a number
/// beyond Double are errors. ``Limits/jsonDepth``, ``Limits/jsonBytes`` and ``Limits/jsonValues`` bound what a text may
/// demand. All errors are `.malformed` and carry the offset of the fault.
public struct JSONParser {
  private typealias Token = JSONDocument.Token

  private let bytes: UnsafeRawBufferPointer
  private let baseOffset: Int
  private let maximumDepth: Int
  private let allowsNonFinite: Bool
  private var position = 0
  private var depth = 0
  private var valueCount = 0
  private let maximumValueCount: Int
  private var tokens: [Token] = []
  private var resolved: [JSONDocument.Text] = []

  /// Parses one document.
  ///
  /// - Parameters:
  ///   - baseOffset: where `bytes` begins in the file; added to the offsets of errors.
  ///   - allowsNonFinite: whether Python's tokens `NaN`, `Infinity` and `-Infinity` count as numbers.
  public static func parse(
    _ bytes: UnsafeRawBufferPointer, baseOffset: Int = 0, limits: Limits = .standard, allowsNonFinite: Bool = false
  ) throws(ModelError) -> JSONValue {
    try checkSize(bytes.count, baseOffset: baseOffset, limits: limits)
    let storage = OwnedStorage(uninitializedByteCount: bytes.count) { $0.copyMemory(from: bytes) }
    return try document(
      JSONDocument.Text(storage, 0..<bytes.count), baseOffset: baseOffset, limits: limits,
      allowsNonFinite: allowsNonFinite
    ).root.value
  }

  /// Parses a document held as text.
  public static func parse(
    _ text: String, limits: Limits = .standard, allowsNonFinite: Bool = false
  ) throws(ModelError) -> JSONValue {
    let bytes = Array(text.utf8)
    return try document(
      JSONDocument.Text(OwnedStorage(bytes), 0..<bytes.count), limits: limits, allowsNonFinite: allowsNonFinite
    ).root.value
  }

  /// Parses one document, of which values are made as they are asked for.
  ///
  /// - Parameter baseOffset: where `text` begins in the file; added to the offsets of errors.
  public static func document(
    _ text: JSONDocument.Text, baseOffset: Int = 0, limits: Limits = .standard, allowsNonFinite: Bool = false
  ) throws(ModelError) -> JSONDocument {
    try checkSize(text.range.count, baseOffset: baseOffset, limits: limits)
    return try withExtendedLifetime(text.storage) { () throws(ModelError) in
      var parser = JSONParser(
        bytes: text.bytes, baseOffset: baseOffset, limits: limits, allowsNonFinite: allowsNonFinite)
      parser.tokens.reserveCapacity(text.range.count / 16)
      try parser.value()
      parser.skipSpace()
      guard parser.position == parser.bytes.count else {
        throw parser.fault("characters after the end of the document")
      }
      return JSONDocument(text: text, tokens: parser.tokens, resolved: parser.resolved)
    }
  }

  private static func checkSize(_ count: Int, baseOffset: Int, limits: Limits) throws(ModelError) {
    // A token holds places and counts in 32 bits.
    let limit = min(limits.jsonBytes, 1 << 30)
    guard count <= limit else {
      throw ModelError(
        .malformed, "the JSON text of \(count) bytes passes the limit of \(limit)", byteOffset: baseOffset)
    }
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

  private mutating func append(_ kind: Token.Kind, _ payload: UInt64) {
    tokens.append(Token(kind: kind, next: UInt32(truncatingIfNeeded: tokens.count + 1), payload: payload))
  }

  private mutating func value() throws(ModelError) {
    skipSpace()
    guard let byte = current else { throw fault("the text ends where a value is expected") }
    valueCount += 1
    guard valueCount <= maximumValueCount else { throw fault("more than \(maximumValueCount) values") }
    switch byte {
    case UInt8(ascii: "{"): try nested(.object)
    case UInt8(ascii: "["): try nested(.array)
    case UInt8(ascii: "\""): try string()
    case UInt8(ascii: "t"): try literal("true", .true)
    case UInt8(ascii: "f"): try literal("false", .false)
    case UInt8(ascii: "n"): try literal("null", .null)
    case UInt8(ascii: "N") where allowsNonFinite: try literal("NaN", .double, Double.nan.bitPattern)
    case UInt8(ascii: "I") where allowsNonFinite: try literal("Infinity", .double, Double.infinity.bitPattern)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
    default: throw fault("a value cannot begin like this")
    }
  }

  private mutating func nested(_ kind: Token.Kind) throws(ModelError) {
    guard depth < maximumDepth else { throw fault("nested deeper than \(maximumDepth) levels") }
    depth += 1
    position += 1
    let index = tokens.count
    append(kind, 0)
    let count = kind == .object ? try members(of: index) : try elements()
    tokens[index].payload = UInt64(count)
    tokens[index].next = UInt32(truncatingIfNeeded: tokens.count)
    depth -= 1
  }

  /// The rest of an object, and how many members it has.
  private mutating func members(of object: Int) throws(ModelError) -> Int {
    var count = 0
    var names: Set<String> = []
    skipSpace()
    if take(UInt8(ascii: "}")) { return count }
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw fault("expected a key") }
      let keyPosition = position
      let key = tokens.count
      try string()
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw fault("expected ':' after a key") }
      try value()
      guard isNew(key, among: count, of: object, &names) else {
        throw fault("the key \"\(name(key))\" occurs twice", at: keyPosition)
      }
      count += 1
      skipSpace()
      if take(UInt8(ascii: "}")) { return count }
      guard take(UInt8(ascii: ",")) else { throw fault("expected ',' or '}'") }
    }
  }

  /// Whether none of the first members of an object has the name of a key. Few are compared one by one; of many, `names`
  /// holds the names.
  private func isNew(_ key: Int, among count: Int, of object: Int, _ names: inout Set<String>) -> Bool {
    let few = 24
    if count > few { return names.insert(name(key)).inserted }
    var other = object + 1
    for _ in 0..<count {
      if haveSameName(key, other) { return false }
      other = Int(tokens[other + 1].next)
    }
    if count == few {
      other = object + 1
      for _ in 0...count {
        names.insert(name(other))
        other = Int(tokens[other + 1].next)
      }
    }
    return true
  }

  private func haveSameName(_ left: Int, _ right: Int) -> Bool {
    let a = tokens[left], b = tokens[right]
    guard a.kind == .plain, b.kind == .plain else { return name(left) == name(right) }
    let (x, y) = (plainText(a), plainText(b))
    return x.count == y.count && x.elementsEqual(y)
  }

  private func plainText(_ token: Token) -> UnsafeRawBufferPointer {
    let start = Int(token.payload >> 32)
    return UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(token.payload & 0xFFFF_FFFF)])
  }

  private func name(_ key: Int) -> String {
    let token = tokens[key]
    if token.kind == .escaped { return String(decoding: resolved[Int(token.payload)].bytes, as: UTF8.self) }
    return String(decoding: plainText(token), as: UTF8.self)
  }

  /// The rest of an array, and how many elements it has.
  private mutating func elements() throws(ModelError) -> Int {
    var count = 0
    skipSpace()
    if take(UInt8(ascii: "]")) { return count }
    while true {
      try value()
      count += 1
      skipSpace()
      if take(UInt8(ascii: "]")) { return count }
      guard take(UInt8(ascii: ",")) else { throw fault("expected ',' or ']'") }
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    position += 1
    return true
  }

  private mutating func literal(
    _ text: StaticString, _ kind: Token.Kind, _ payload: UInt64 = 0
  ) throws(ModelError) {
    let start = position
    let matches = text.withUTF8Buffer { expected in
      bytes.count - start >= expected.count && expected.indices.allSatisfy { bytes[start + $0] == expected[$0] }
    }
    guard matches else { throw fault("a value cannot begin like this") }
    position += text.utf8CodeUnitCount
    append(kind, payload)
  }

  // MARK: Numbers

  private mutating func number() throws(ModelError) {
    let start = position
    let isNegative = take(UInt8(ascii: "-"))
    if isNegative, allowsNonFinite, current == UInt8(ascii: "I") {
      return try literal("Infinity", .double, (-Double.infinity).bitPattern)
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
    if isInteger, integerDigits < 19 {
      var integer: Int64 = 0
      for index in integerStart..<position { integer = integer * 10 + Int64(bytes[index] - UInt8(ascii: "0")) }
      return append(.integer, UInt64(bitPattern: isNegative ? -integer : integer))
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger {
      guard let integer = Int64(text) else { throw fault("an integer beyond 64 bits", at: start) }
      return append(.integer, UInt64(bitPattern: integer))
    }
    guard let double = Double(text), double.isFinite else { throw fault("a number beyond double precision", at: start) }
    append(.double, double.bitPattern)
  }

  private mutating func skipDigits() -> Int {
    let start = position
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    return position - start
  }

  // MARK: Strings

  private mutating func string() throws(ModelError) {
    let start = position
    position += 1
    var bits: UInt8 = 0
    while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
      bits |= byte
      position += 1
    }
    if current == UInt8(ascii: "\\") { return try escapedString(from: start) }
    try endString(from: start)
    let run = start + 1..<position - 1
    guard bits < 0x80 || String(validating: bytes[run], as: UTF8.self) != nil else {
      throw fault("a string is not valid UTF-8", at: start)
    }
    append(bits < 0x80 ? .plain : .unicode, UInt64(run.lowerBound) << 32 | UInt64(run.count))
  }

  private mutating func endString(from start: Int) throws(ModelError) {
    guard let byte = current else { throw fault("a string without end", at: start) }
    guard byte == UInt8(ascii: "\"") else { throw fault("a control character in a string") }
    position += 1
  }

  /// A string whose first escape begins here.
  private mutating func escapedString(from start: Int) throws(ModelError) {
    // What escapes stand for is shorter than they are.
    var end = position
    while end < bytes.count, bytes[end] != UInt8(ascii: "\"") { end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1 }
    var count = 0
    let storage = try OwnedStorage(uninitializedByteCount: min(end, bytes.count) - start) { (text) throws(ModelError) in
      count = position - start - 1
      text.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start + 1..<position]))
      while let byte = current, byte != UInt8(ascii: "\""), byte >= 0x20 {
        if byte == UInt8(ascii: "\\") {
          position += 1
          let scalar = try escape()
          if scalar.isASCII {
            text[count] = UInt8(truncatingIfNeeded: scalar.value)
            count += 1
          } else {
            for unit in UTF8.encode(scalar) ?? .init() {
              text[count] = unit
              count += 1
            }
          }
        } else {
          text[count] = byte
          count += 1
          position += 1
        }
      }
    }
    try endString(from: start)
    let text = JSONDocument.Text(storage, 0..<count)
    guard String(validating: text.bytes, as: UTF8.self) != nil else {
      throw fault("a string is not valid UTF-8", at: start)
    }
    append(.escaped, UInt64(resolved.count))
    resolved.append(text)
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
