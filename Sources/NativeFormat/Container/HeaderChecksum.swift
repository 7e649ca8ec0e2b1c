import CSystemSupport
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
    let zeros = Array(zeros.utf8)
    let hash = zeros.withUnsafeBytes { zeros in
      ContentHash.xxh3([
        UnsafeRawBufferPointer(rebasing: bytes[..<digits.lowerBound]), zeros,
        UnsafeRawBufferPointer(rebasing: bytes[digits.upperBound...]),
      ])
    }
    return Array(checksumText(hash).utf8)
  }

  /// Where `pattern` first occurs at or behind `start`.
  static func position(of pattern: [UInt8], in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard let base = bytes.baseAddress, start <= bytes.count else { return nil }
    let found = pattern.withUnsafeBytes {
      ferry_find(base + start, bytes.count - start, $0.baseAddress, $0.count)
    }
    return found.map { UnsafeRawPointer($0) - base }
  }
}

/// XXH3 of 64 bits in 16 lower-case hexadecimal digits.
func checksumText(_ bytes: UnsafeRawBufferPointer) -> String { checksumText(ContentHash.xxh3(bytes)) }

/// 64 bits in 16 lower-case hexadecimal digits.
func checksumText(_ hash: UInt64) -> String {
  let digits = String(hash, radix: 16)
  return String(repeating: "0", count: HeaderChecksum.digitCount - digits.utf8.count) + digits
}
