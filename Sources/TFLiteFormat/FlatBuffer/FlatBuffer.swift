import FormatSupport
package import ModelGraph

/// The bytes of a FlatBuffer, read only at offsets that have been verified.
///
/// Every read names its offset and is refused when it leaves the file; nothing is assumed to be aligned. The reader
/// follows a fixed set of table types that do not contain themselves, so neither depth nor cycles can be dictated by a
/// file. What a file can do is to point at one table from many places and have it decoded each time: `spend` bounds the
/// sum of everything decoded by the file's size.
package final class FlatBuffer {
  /// How often, on average, one byte of a file may be decoded. Writers share strings and quantization tables.
  static let decodingFactor = 8
  /// The most tables that are decoded from one file.
  static let maximumTableCount = 4_000_000

  private let reader: ByteReader
  /// One past the last byte that anything read so far occupies.
  private(set) var end = 0
  private var elementsLeft: Int
  private var tablesLeft: Int

  /// - Parameter storage: the whole file.
  package init(_ storage: any TensorStorage) {
    reader = ByteReader(storage)
    elementsLeft = reader.byteCount.multipliedReportingOverflow(by: Self.decodingFactor).partialValue
    // A table takes at least four bytes and the offset to it another four.
    tablesLeft = min(Self.maximumTableCount, reader.byteCount / 8 + 1)
  }

  /// Verifies that `length` bytes from `offset` lie in the file and returns them as a range.
  func range(at offset: Int, length: Int, of what: StaticString) throws(ModelError) -> Range<Int> {
    do {
      let range = try reader.range(at: offset, count: length)
      end = max(end, range.upperBound)
      return range
    } catch {
      throw ModelError(
        .malformed, "\(what) of \(length) bytes leaves the file, which has \(reader.byteCount) bytes",
        byteOffset: offset)
    }
  }

  /// The little-endian integer at `offset`.
  func load<T: FixedWidthInteger & BitwiseCopyable>(
    _ type: T.Type = T.self, at offset: Int
  ) throws(ModelError) -> T {
    _ = try range(at: offset, length: MemoryLayout<T>.size, of: "a number")
    return try reader.integer(at: offset)
  }

  /// Follows the unsigned 32-bit offset at `position`, which counts from `position`.
  func target(ofOffsetAt position: Int) throws(ModelError) -> Int {
    let distance = Int(try load(UInt32.self, at: position))
    let (target, overflow) = position.addingReportingOverflow(distance)
    guard distance > 0, !overflow, target < reader.byteCount else {
      throw ModelError(.malformed, "an offset of \(distance) does not lead into the file", byteOffset: position)
    }
    return target
  }

  /// The vector at `offset`: the range of its elements' bytes and their number.
  func vector(at offset: Int, elementSize: Int) throws(ModelError) -> (bytes: Range<Int>, count: Int) {
    let count = Int(try load(UInt32.self, at: offset))
    let (length, overflow) = count.multipliedReportingOverflow(by: elementSize)
    guard !overflow else {
      throw ModelError(.malformed, "a vector of \(count) elements", byteOffset: offset)
    }
    return (try range(at: offset + 4, length: length, of: "a vector"), count)
  }

  /// The string at `offset`; bytes that are not UTF-8 are replaced.
  func string(at offset: Int) throws(ModelError) -> String {
    let (range, count) = try vector(at: offset, elementSize: 1)
    try spend(count, at: offset)
    return String(decoding: try reader.bytes(at: range.lowerBound, count: count), as: UTF8.self)
  }

  /// Counts `elements` decoded elements against what a file of this size may ask for.
  func spend(_ elements: Int, at offset: Int) throws(ModelError) {
    elementsLeft -= elements
    guard elementsLeft >= 0 else {
      throw ModelError(
        .malformed, "the file points so often at the same data that it would grow without bound", byteOffset: offset)
    }
  }

  /// Counts one decoded table against the limit.
  func spendTable(at offset: Int) throws(ModelError) {
    tablesLeft -= 1
    guard tablesLeft >= 0 else {
      throw ModelError(
        .malformed, "the file points at more tables than its size can hold", byteOffset: offset)
    }
  }
}
