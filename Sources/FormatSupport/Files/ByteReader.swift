public import ModelGraph

/// Bounds-checked little-endian reads at absolute offsets.
///
/// Every offset and count may come from a hostile file: a range that leaves the bytes, is negative or overflows is a
/// `.malformed` error that carries the offset.
public struct ByteReader: Sendable {
  /// What the bytes belong to; held so that they stay valid.
  public let storage: any TensorStorage
  public let byteCount: Int

  public init(_ storage: any TensorStorage) {
    self.storage = storage
    byteCount = storage.bytes.count
  }

  /// The range of `count` bytes at `offset`, inside the bytes.
  public func range(at offset: Int, count: Int) throws(ModelError) -> Range<Int> {
    guard offset >= 0, count >= 0, offset <= byteCount, count <= byteCount - offset else {
      throw ModelError(
        .malformed, "\(count) bytes at offset \(offset) lie outside the \(byteCount) bytes of the file",
        byteOffset: offset)
    }
    return offset..<(offset + count)
  }

  /// The range of `count` elements of `stride` bytes at `offset`, inside the bytes.
  public func range(at offset: Int, count: Int, stride: Int) throws(ModelError) -> Range<Int> {
    let (size, overflows) = count.multipliedReportingOverflow(by: stride)
    guard !overflows, count >= 0, stride >= 0 else {
      throw ModelError(
        .malformed, "\(count) elements of \(stride) bytes at offset \(offset) lie outside the file", byteOffset: offset)
    }
    return try range(at: offset, count: size)
  }

  /// The bytes of a checked range; valid while ``storage`` lives.
  public func bytes(at offset: Int, count: Int) throws(ModelError) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: storage.bytes[try range(at: offset, count: count)])
  }

  /// A little-endian integer of any width.
  public func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ type: Integer.Type = Integer.self, at offset: Int
  ) throws(ModelError) -> Integer {
    let range = try range(at: offset, count: MemoryLayout<Integer>.size)
    return Integer(littleEndian: storage.bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: Integer.self))
  }

  public func uint8(at offset: Int) throws(ModelError) -> UInt8 { try integer(at: offset) }
  public func int8(at offset: Int) throws(ModelError) -> Int8 { try integer(at: offset) }
  public func uint16(at offset: Int) throws(ModelError) -> UInt16 { try integer(at: offset) }
  public func int16(at offset: Int) throws(ModelError) -> Int16 { try integer(at: offset) }
  public func uint32(at offset: Int) throws(ModelError) -> UInt32 { try integer(at: offset) }
  public func int32(at offset: Int) throws(ModelError) -> Int32 { try integer(at: offset) }
  public func uint64(at offset: Int) throws(ModelError) -> UInt64 { try integer(at: offset) }
  public func int64(at offset: Int) throws(ModelError) -> Int64 { try integer(at: offset) }
  public func float32(at offset: Int) throws(ModelError) -> Float { Float(bitPattern: try integer(at: offset)) }
  public func float64(at offset: Int) throws(ModelError) -> Double { Double(bitPattern: try integer(at: offset)) }

  /// A 64-bit count or offset, refused where it is negative or above `Int.max`.
  public func size64(at offset: Int) throws(ModelError) -> Int {
    guard let size = Int(exactly: try uint64(at: offset)) else {
      throw ModelError(.malformed, "a size of 64 bits is out of range", byteOffset: offset)
    }
    return size
  }

  /// A UTF-8 string of `count` bytes at `offset`; invalid UTF-8 is an error.
  public func string(at offset: Int, count: Int) throws(ModelError) -> String {
    guard let text = String(validating: try bytes(at: offset, count: count), as: UTF8.self) else {
      throw ModelError(.malformed, "a string is not valid UTF-8", byteOffset: offset)
    }
    return text
  }
}
