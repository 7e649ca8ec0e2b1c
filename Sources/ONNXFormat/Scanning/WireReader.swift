internal import ModelGraph

/// Reads protobuf's wire format (protobuf.dev, "Encoding") from part of a file, every length checked.
///
/// Groups, the one construct that nests without a length in front, are refused: no ONNX message has ever used them.
struct WireReader {
  private let bytes: UnsafeRawBufferPointer
  private(set) var offset: Int
  private let end: Int

  /// A reader of `bytes[range]`; a range that leaves `bytes` is cut to it.
  init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
    let range = range.clamped(to: 0..<bytes.count)
    self.bytes = bytes
    offset = range.lowerBound
    end = range.upperBound
  }

  var isAtEnd: Bool { offset >= end }

  /// The next field, or nil at the end of the message.
  mutating func next() throws(ModelError) -> WireField? {
    guard offset < end else { return nil }
    let start = offset
    let tag = try varint()
    guard let number = UInt32(exactly: tag >> 3), number > 0, number < 1 << 29 else {
      throw ModelError(.malformed, "protobuf field number \(tag >> 3) is out of range", byteOffset: start)
    }
    let value: WireField.Value
    switch tag & 7 {
    case 0: value = .varint(try varint())
    case 1: value = .fixed64(try take(8, from: start))
    case 2:
      let length = try varint()
      guard let count = Int(exactly: length) else {
        throw ModelError(.malformed, "protobuf field \(number) claims \(length) bytes", byteOffset: start)
      }
      value = .bytes(try take(count, from: start))
    case 3, 4: throw ModelError(.malformed, "protobuf field \(number) is a group", byteOffset: start)
    case 5: value = .fixed32(try take(4, from: start))
    default:
      throw ModelError(.malformed, "protobuf field \(number) has wire type \(tag & 7)", byteOffset: start)
    }
    return WireField(number: number, value: value, offset: start)
  }

  /// Passes over `count` bytes; false, at the end, when there are not so many.
  mutating func skip(_ count: Int) -> Bool {
    guard count >= 0, count <= end - offset else {
      offset = end
      return false
    }
    offset += count
    return true
  }

  /// A base-128 number of at most ten bytes and 64 bits.
  mutating func varint() throws(ModelError) -> UInt64 {
    let start = offset
    var result: UInt64 = 0
    for index in 0..<10 {
      guard offset < end else { throw ModelError(.malformed, "a number is cut off", byteOffset: start) }
      let byte = bytes[offset]
      offset += 1
      guard index < 9 || byte <= 1 else { break }
      result |= UInt64(byte & 0x7F) << UInt64(7 * index)
      if byte < 0x80 { return result }
    }
    throw ModelError(.malformed, "a number has more than 64 bits", byteOffset: start)
  }

  private mutating func take(_ count: Int, from start: Int) throws(ModelError) -> Range<Int> {
    guard count <= end - offset else {
      throw ModelError(
        .malformed, "a field of \(count) bytes has only \(end - offset) bytes left", byteOffset: start)
    }
    defer { offset += count }
    return offset..<(offset + count)
  }
}
