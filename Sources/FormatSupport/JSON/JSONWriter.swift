/// Writes JSON byte for byte the same in every run: keys in the order of their UTF-8 bytes, the shortest digits that
/// read back as the same number, no spaces unless indented.
public struct JSONWriter {
  private var bytes: [UInt8] = []
  private let isIndented: Bool

  /// The document as UTF-8; numbers that are not finite become the strings of ``JSONValue/real(_:)-(Double)``.
  ///
  /// - Parameter isIndented: two spaces a level and a line feed at the end, for documents that people read.
  public static func bytes(_ value: JSONValue, isIndented: Bool = false) -> [UInt8] {
    var writer = JSONWriter(isIndented: isIndented)
    writer.write(value, level: 0)
    if isIndented { writer.bytes.append(0x0A) }
    return writer.bytes
  }

  /// The document as text.
  public static func text(_ value: JSONValue, isIndented: Bool = false) -> String {
    String(decoding: bytes(value, isIndented: isIndented), as: UTF8.self)
  }

  private init(isIndented: Bool) { self.isIndented = isIndented }

  private mutating func write(_ value: JSONValue, level: Int) {
    switch value {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .integer(let value): bytes += value.description.utf8
    case .double(let value): bytes += value.isFinite ? Array(value.description.utf8) : quoted(.real(value))
    case .string(let value): write(value)
    case .array(let elements):
      list("[", "]", elements, level: level) { writer, element in writer.write(element, level: level + 1) }
    case .object(let members):
      let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      list("{", "}", sorted, level: level) { writer, member in
        writer.write(member.key)
        writer.bytes += (writer.isIndented ? ": " : ":").utf8
        writer.write(member.value, level: level + 1)
      }
    }
  }

  private func quoted(_ value: JSONValue) -> [UInt8] {
    Array("\"\(value.stringValue ?? "")\"".utf8)
  }

  private mutating func list<Element>(
    _ opening: Unicode.Scalar, _ closing: Unicode.Scalar, _ elements: [Element], level: Int,
    _ body: (inout JSONWriter, Element) -> Void
  ) {
    bytes.append(UInt8(ascii: opening))
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      breakLine(level + 1)
      body(&self, element)
    }
    if !elements.isEmpty { breakLine(level) }
    bytes.append(UInt8(ascii: closing))
  }

  private mutating func breakLine(_ level: Int) {
    guard isIndented else { return }
    bytes.append(0x0A)
    for _ in 0..<level { bytes += "  ".utf8 }
  }

  private mutating func write(_ text: String) {
    var text = text
    bytes.append(UInt8(ascii: "\""))
    text.withUTF8 { utf8 in
      // Between the few bytes that have to be written otherwise, everything is copied at once.
      var start = 0
      for (position, byte) in utf8.enumerated() where Self.needsEscape(byte) {
        bytes += UnsafeBufferPointer(rebasing: utf8[start..<position])
        writeEscaped(byte)
        start = position + 1
      }
      bytes += UnsafeBufferPointer(rebasing: utf8[start...])
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
  }

  private mutating func writeEscaped(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): bytes += "\\\"".utf8
    case UInt8(ascii: "\\"): bytes += "\\\\".utf8
    case 0x0A: bytes += "\\n".utf8
    case 0x0D: bytes += "\\r".utf8
    case 0x09: bytes += "\\t".utf8
    default: bytes += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
    }
  }
}
