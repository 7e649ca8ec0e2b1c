/// The orientation that a camera writes into a JPEG or PNG file.
///
/// Source: Exif 2.32, 4.5.4 (APP1) and 4.6.4 (tag 0x0112); TIFF 6.0 for byte order and directories; for PNG its third
/// edition, 11.3.2.5 (eXIf).
enum ExifOrientation {
  /// 1 … 8; 1 when the file does not say, or says it wrongly.
  static func find(inJPEG bytes: UnsafeRawBufferPointer) -> Int {
    var position = 2
    // Markers with their lengths, until the compressed data begin.
    while position + 4 <= bytes.count, bytes[position] == 0xFF {
      let marker = bytes[position + 1]
      if marker == 0xFF {
        position += 1
        continue
      }
      if marker == 0xDA || marker == 0xD9 { return 1 }
      let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
      guard length >= 2, position + 2 + length <= bytes.count else { return 1 }
      let segment = UnsafeRawBufferPointer(rebasing: bytes[(position + 4)..<(position + 2 + length)])
      if marker == 0xE1, segment.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]) {
        return orientation(UnsafeRawBufferPointer(rebasing: segment[6...]))
      }
      position += 2 + length
    }
    return 1
  }

  /// 1 … 8; 1 when the file does not say, or says it wrongly.
  static func find(inPNG bytes: UnsafeRawBufferPointer) -> Int {
    // Behind the signature: chunks of a length, a type, content, and four bytes of checksum, which decoding has compared.
    var position = 8
    while position + 12 <= bytes.count {
      let length = (0..<4).reduce(0) { $0 << 8 | Int(bytes[position + $1]) }
      guard length <= bytes.count - position - 12 else { return 1 }
      if bytes[(position + 4)..<(position + 8)].elementsEqual("eXIf".utf8) {
        return orientation(UnsafeRawBufferPointer(rebasing: bytes[(position + 8)..<(position + 8 + length)]))
      }
      position += 12 + length
    }
    return 1
  }

  private static func orientation(_ tiff: UnsafeRawBufferPointer) -> Int {
    guard tiff.count >= 8 else { return 1 }
    let isLittle = tiff[0] == 0x49 && tiff[1] == 0x49
    guard isLittle || (tiff[0] == 0x4D && tiff[1] == 0x4D) else { return 1 }
    func integer(_ offset: Int, _ size: Int) -> Int? {
      guard offset >= 0, offset + size <= tiff.count else { return nil }
      return (0..<size).reduce(0) { $0 << 8 | Int(tiff[offset + (isLittle ? size - 1 - $1 : $1)]) }
    }
    guard integer(2, 2) == 42, let directory = integer(4, 4), let count = integer(directory, 2) else { return 1 }
    for index in 0..<count {
      let entry = directory + 2 + index * 12
      guard let tag = integer(entry, 2) else { return 1 }
      // A short value stands in the entry itself.
      if tag == 0x0112, integer(entry + 2, 2) == 3, let value = integer(entry + 8, 2) {
        return (1...8).contains(value) ? value : 1
      }
    }
    return 1
  }
}
