import ModelGraph

/// Reads the few Python literals that stand in the header of an NPY file.
struct PythonLiteralScanner {
  private let bytes: UnsafeRawBufferPointer
  private let baseOffset: Int
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer, baseOffset: Int) {
    self.bytes = bytes
    self.baseOffset = baseOffset
  }

  /// Where the scanner stands, counted from the beginning of the file.
  var offset: Int { baseOffset + position }

  private func fault(_ message: String) -> ModelError {
    ModelError(.malformed, "NPY header: \(message)", byteOffset: offset)
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x0A, 0x09, 0x0D].contains(bytes[position]) { position += 1 }
  }

  mutating func isAt(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    return position < bytes.count && bytes[position] == UInt8(ascii: character)
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard isAt(character) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ character: Unicode.Scalar) throws(ModelError) {
    guard take(character) else { throw fault("expected '\(character)'") }
  }

  mutating func expectEnd() throws(ModelError) {
    skipSpace()
    guard position == bytes.count else { throw fault("characters after its end") }
  }

  /// A string of printable ASCII characters, in single or double quotes, without escapes.
  mutating func string() throws(ModelError) -> String {
    skipSpace()
    guard position < bytes.count, bytes[position] == 0x27 || bytes[position] == 0x22 else {
      throw fault("expected a string")
    }
    let quote = bytes[position]
    position += 1
    let start = position
    while position < bytes.count, bytes[position] != quote {
      guard (0x20..<0x7F).contains(bytes[position]), bytes[position] != UInt8(ascii: "\\") else {
        throw fault("an unexpected character in a string")
      }
      position += 1
    }
    guard position < bytes.count else { throw fault("a string without end") }
    position += 1
    return String(decoding: bytes[start..<(position - 1)], as: UTF8.self)
  }

  mutating func bool() throws(ModelError) -> Bool {
    skipSpace()
    if bytes[position...].starts(with: "True".utf8) {
      position += 4
      return true
    }
    guard bytes[position...].starts(with: "False".utf8) else { throw fault("expected True or False") }
    position += 5
    return false
  }

  /// A tuple of at most `limit` integers that are not negative; Python 2 wrote an `L` behind them.
  mutating func tuple(limit: Int) throws(ModelError) -> [Int] {
    try expect("(")
    var elements: [Int] = []
    while !take(")") {
      guard elements.count < limit else { throw fault("more than \(limit) dimensions") }
      elements.append(try integer())
      if !take(",") {
        guard elements.count > 1 else { throw fault("expected a tuple") }
        try expect(")")
        break
      }
    }
    return elements
  }

  private mutating func integer() throws(ModelError) -> Int {
    skipSpace()
    let start = position
    while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Int(text) else { throw fault(text.isEmpty ? "expected an integer" : "an integer out of range") }
    if position < bytes.count, bytes[position] == UInt8(ascii: "L") { position += 1 }
    return value
  }
}
