import CSystemSupport

/// Hashes of content.
public enum ContentHash {
  /// XXH3 of 64 bits with seed 0: finds damage at memory speed; not for content that somebody forges.
  public static func xxh3(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    ferry_xxh3_64(bytes.baseAddress, bytes.count)
  }

  /// XXH3 of 64 bits with seed 0 over pieces that follow each other.
  public static func xxh3(_ pieces: [UnsafeRawBufferPointer]) -> UInt64 {
    let hash = StreamingHash()
    for piece in pieces { hash.update(piece) }
    return hash.finish()
  }

  /// The 32 bytes of SHA-256 (FIPS 180-4).
  public static func sha256(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { digest, count in
      ferry_sha256(bytes.baseAddress, bytes.count, digest.baseAddress)
      count = 32
    }
  }

  /// SHA-256 in 64 lower-case hexadecimal digits.
  public static func sha256Text(_ bytes: UnsafeRawBufferPointer) -> String {
    hexadecimal(sha256(bytes))
  }

  /// Two lower-case hexadecimal digits a byte.
  public static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
