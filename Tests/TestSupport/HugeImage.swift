/// Images whose headers promise more than the files hold.
public enum HugeImage {
  /// The PNG or baseline JPEG file with extents of 60,000 × 60,000 in its header, its checksum put right.
  public static func declaring60000(_ file: [UInt8]) -> [UInt8] {
    var bytes = file
    let extent: [UInt8] = [0xEA, 0x60]
    if bytes.starts(with: [0x89, 0x50]) {
      // Behind signature, length and type of the first chunk.
      bytes.replaceSubrange(16..<24, with: [0, 0] + extent + [0, 0] + extent)
      let sum = crc32(bytes[12..<29])
      for index in 0..<4 { bytes[29 + index] = UInt8(truncatingIfNeeded: sum >> UInt32(24 - 8 * index)) }
    } else if let frame = bytes.indices.dropLast().first(where: { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 }) {
      bytes.replaceSubrange(frame + 5..<frame + 9, with: extent + extent)
    }
    return bytes
  }

  /// CRC-32 of PNG chunks, bit by bit (PNG specification, annex D).
  private static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var remainder: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      remainder ^= UInt32(byte)
      for _ in 0..<8 { remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0xEDB8_8320 : remainder >> 1 }
    }
    return ~remainder
  }
}
