import ModelGraph

/// Reads numbers, texts and lists in the protocol's form, and never beyond its bytes.
struct FrameReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) {
    rest = bytes
  }

  var isAtEnd: Bool { rest.isEmpty }

  /// The next `count` bytes, as a reader of their own.
  mutating func part(_ count: Int) throws(ModelError) -> FrameReader {
    guard count >= 0, count <= rest.count else {
      throw ModelError(.malformed, "the HDF5 reader's answer is cut off: \(count) bytes wanted, \(rest.count) left")
    }
    let part = FrameReader(rest.prefix(count))
    rest = rest.dropFirst(count)
    return part
  }

  mutating func bytes(_ count: Int) throws(ModelError) -> [UInt8] {
    Array(try part(count).rest)
  }

  mutating func integer<Integer: FixedWidthInteger & UnsignedInteger>(
    _ type: Integer.Type
  ) throws(ModelError) -> Integer {
    var number: Integer = 0
    for (index, byte) in try part(Integer.bitWidth / 8).rest.enumerated() {
      number |= Integer(byte) << Integer(index * 8)
    }
    return number
  }

  /// A size or offset: not negative, and fit for an `Int`.
  mutating func size() throws(ModelError) -> Int {
    let number = try integer(UInt64.self)
    guard let size = Int(exactly: number) else {
      throw ModelError(.malformed, "the HDF5 reader's answer is not understood: a size of \(number)")
    }
    return size
  }

  /// A text; bytes that are no UTF-8 become U+FFFD.
  mutating func text() throws(ModelError) -> String {
    String(decoding: try part(Int(try integer(UInt32.self))).rest, as: UTF8.self)
  }

  mutating func list<Item>(
    minimumSize: Int, _ item: (inout FrameReader) throws(ModelError) -> Item
  ) throws(ModelError) -> [Item] {
    let count = Int(try integer(UInt32.self))
    guard count <= rest.count / minimumSize else {
      throw ModelError(
        .malformed, "the HDF5 reader's answer is cut off: a list of \(count) items in \(rest.count) bytes")
    }
    var items: [Item] = []
    items.reserveCapacity(count)
    for _ in 0..<count { items.append(try item(&self)) }
    return items
  }

  mutating func shape() throws(ModelError) -> [Int] {
    let shape = try list(minimumSize: 8) { reader throws(ModelError) in try reader.size() }
    guard shape.count <= HDF5Response.maximumRank else {
      throw ModelError(.malformed, "the HDF5 reader's answer is not understood: \(shape.count) dimensions")
    }
    return shape
  }
}
