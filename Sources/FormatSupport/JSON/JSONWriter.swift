/// Writes JSON byte for byte the same in every run: keys in the order of their UTF-8 bytes, the shortest digits that
/// read back as the same number, no spaces unless indented.
///
/// What is written goes straight to the text. Members of an object may come in any order; they are put in theirs when it ends.
public struct JSONWriter {
  /// A member of an object that is open.
  private struct Member {
    let name: String
    /// Its name's first 8 bytes, which mostly decide where it belongs.
    let prefix: UInt64
    /// Where it begins in ``bytes``, behind the comma.
    let start: Int
    /// Where it ends; known when the next one begins.
    var end: Int
  }

  /// The document as UTF-8.
  public private(set) var bytes: [UInt8] = []
  private let isIndented: Bool
  private var level = 0
  /// Of all objects that are open, the innermost one's last.
  private var members: [Member] = []
  /// Where the members of each open object begin.
  private var objects: [Int] = []
  /// Members on their way to another place.
  private var moved: [UInt8] = []

  /// An empty text.
  ///
  /// - Parameter isIndented: two spaces a level, for documents that people read.
  public init(isIndented: Bool = false) { self.isIndented = isIndented }

  /// The document as UTF-8; numbers that are not finite become the strings of ``JSONValue/real(_:)-(Double)``.
  ///
  /// - Parameter isIndented: two spaces a level and a line feed at the end, for documents that people read.
  public static func bytes(_ value: JSONValue, isIndented: Bool = false) -> [UInt8] {
    var writer = JSONWriter(isIndented: isIndented)
    writer.write(value)
    if isIndented { writer.bytes.append(0x0A) }
    return writer.bytes
  }

  /// The document as text.
  public static func text(_ value: JSONValue, isIndented: Bool = false) -> String {
    String(decoding: bytes(value, isIndented: isIndented), as: UTF8.self)
  }

  /// The document as text.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Writes a value, whole.
  public mutating func write(_ value: JSONValue) {
    switch value {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .integer(let value): write(value)
    case .double(let value):
      if value.isFinite { bytes += value.description.utf8 } else { write(.real(value)) }
    case .string(let value): write(value)
    case .array(let elements):
      beginArray()
      for element in elements {
        beginElement()
        write(element)
      }
      endArray()
    case .object(let members):
      beginObject()
      for (name, value) in members {
        beginMember(name)
        write(value)
      }
      endObject()
    }
  }

  /// Writes an integer.
  public mutating func write(_ integer: Int64) { bytes += integer.description.utf8 }

  /// Writes a string.
  public mutating func write(_ text: String) {
    var text = text
    bytes.append(UInt8(ascii: "\""))
    text.withUTF8 { utf8 in
      if utf8.contains(where: Self.needsEscape) { appendEscaped(utf8) } else { bytes += utf8 }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Begins an array.
  public mutating func beginArray() {
    bytes.append(UInt8(ascii: "["))
    level += 1
  }

  /// Begins an element of the array that is open; its value is written next.
  public mutating func beginElement() {
    separate(from: UInt8(ascii: "["))
    breakLine()
  }

  /// Ends the array that is open.
  public mutating func endArray() {
    level -= 1
    if bytes.last != UInt8(ascii: "[") { breakLine() }
    bytes.append(UInt8(ascii: "]"))
  }

  /// Begins an object.
  public mutating func beginObject() {
    bytes.append(UInt8(ascii: "{"))
    level += 1
    objects.append(members.count)
  }

  /// Begins a member of the object that is open; its value is written next.
  ///
  /// - Parameter name: one that no other member has.
  public mutating func beginMember(_ name: String) {
    endMember()
    separate(from: UInt8(ascii: "{"))
    members.append(Member(name: name, prefix: Self.prefix(name), start: bytes.count, end: bytes.count))
    breakLine()
    write(name)
    bytes.append(UInt8(ascii: ":"))
    if isIndented { bytes.append(UInt8(ascii: " ")) }
  }

  /// Ends the object that is open.
  public mutating func endObject() {
    endMember()
    let first = objects.removeLast()
    sortMembers(from: first)
    members.removeSubrange(first...)
    level -= 1
    if bytes.last != UInt8(ascii: "{") { breakLine() }
    bytes.append(UInt8(ascii: "}"))
  }

  /// Ends the last member of the innermost object, if it has one.
  private mutating func endMember() {
    if let first = objects.last, first < members.count { members[members.count - 1].end = bytes.count }
  }

  /// A comma behind what is not the first of a list: no value ends with an opening bracket.
  private mutating func separate(from opening: UInt8) {
    if bytes.last != opening { bytes.append(UInt8(ascii: ",")) }
  }

  /// Puts members at the end of the text into the order of their names.
  private mutating func sortMembers(from first: Int) {
    let added = members[first...]
    guard zip(added, added.dropFirst()).contains(where: { !Self.precedes($0, $1) }) else { return }
    let start = added[first].start
    members[first...].sort(by: Self.precedes)
    moved.removeAll(keepingCapacity: true)
    for member in members[first...] {
      if !moved.isEmpty { moved.append(UInt8(ascii: ",")) }
      moved += bytes[member.start..<member.end]
    }
    bytes.replaceSubrange(start..., with: moved)
  }

  /// Whether a name's UTF-8 comes before another's.
  private static func precedes(_ first: Member, _ second: Member) -> Bool {
    if first.prefix != second.prefix { return first.prefix < second.prefix }
    return first.name.utf8.lexicographicallyPrecedes(second.name.utf8)
  }

  /// The first 8 bytes of a text, the first one the most significant.
  private static func prefix(_ text: String) -> UInt64 {
    var prefix: UInt64 = 0
    var shift: UInt64 = 64
    for byte in text.utf8.prefix(8) {
      shift -= 8
      prefix |= UInt64(byte) << shift
    }
    return prefix
  }

  private mutating func breakLine() {
    guard isIndented else { return }
    bytes.append(0x0A)
    for _ in 0..<level { bytes += "  ".utf8 }
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
  }

  /// Appends text of which some bytes have to be written otherwise, block by block.
  private mutating func appendEscaped(_ utf8: UnsafeBufferPointer<UInt8>) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4096) { block in
      var count = 0
      for byte in utf8 {
        if block.count - count < Self.longestEscape {
          bytes += block[..<count]
          count = 0
        }
        if Self.needsEscape(byte) {
          for byte in Self.escape(byte).utf8 {
            block[count] = byte
            count += 1
          }
        } else {
          block[count] = byte
          count += 1
        }
      }
      bytes += block[..<count]
    }
  }

  private static let longestEscape = 6

  private static func escape(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "\""): "\\\""
    case UInt8(ascii: "\\"): "\\\\"
    case 0x0A: "\\n"
    case 0x0D: "\\r"
    case 0x09: "\\t"
    default: "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))"
    }
  }
}
