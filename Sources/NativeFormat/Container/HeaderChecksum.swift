import FormatSupport

/// The checksum over the first bytes of a native file: the 8 of the length and the whole header, in which the
/// checksum's own 16 digits count as zeros.
enum HeaderChecksum {
  static let digitCount = 16
  static let zeros = String(repeating: "0", count: digitCount)

  /// What stands directly in front of the digits. It cannot occur elsewhere: inside a JSON string its quotes would have
  /// backslashes, and no other key is called so.
  static let label = Array("\"\(MetadataKey.headerChecksum)\":\"".utf8)

  /// Where the digits lie in `bytes`; nil where the label is missing, occurs twice, or is not followed by 16 bytes.
  static func digits(in bytes: UnsafeRawBufferPointer) -> Range<Int>? {
    guard let found = position(of: label, in: bytes, from: 0) else { return nil }
    let start = found + label.count
    guard bytes.count - start >= digitCount, position(of: label, in: bytes, from: start) == nil else { return nil }
    return start..<(start + digitCount)
  }

  /// The 16 lower-case hexadecimal digits of XXH3 over `bytes` with their own digits zeroed.
  static func text(of bytes: UnsafeRawBufferPointer, digits: Range<Int>) -> [UInt8] {
    var copy = Array(bytes)
    for index in digits { copy[index] = UInt8(ascii: "0") }
    return Array(copy.withUnsafeBytes { checksumText($0) }.utf8)
  }

  /// Where `pattern` first occurs at or behind `start`.
  static func position(of pattern: [UInt8], in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard let first = pattern.first, bytes.count >= pattern.count else { return nil }
    var index = start
    while index <= bytes.count - pattern.count {
      if bytes[index] == first, UnsafeRawBufferPointer(rebasing: bytes[index...]).starts(with: pattern) { return index }
      index += 1
    }
    return nil
  }
}

/// XXH3 of 64 bits in 16 lower-case hexadecimal digits.
func checksumText(_ bytes: UnsafeRawBufferPointer) -> String {
  let digits = String(ContentHash.xxh3(bytes), radix: 16)
  return String(repeating: "0", count: HeaderChecksum.digitCount - digits.utf8.count) + digits
}
