package import ModelGraph

/// One table of a FlatBuffer: its vtable is verified once, each field when it is read.
///
/// Layout (FlatBuffers internals): a table starts with the signed distance back to its vtable; the vtable holds its own
/// size, the table's size and one 16-bit offset a field, 0 where the field is absent.
package struct FlatTable {
  let buffer: FlatBuffer
  let position: Int
  private let vtable: Int
  private let size: Int
  /// How many fields the vtable has room for.
  let fieldCount: Int

  init(_ buffer: FlatBuffer, at position: Int) throws(ModelError) {
    try buffer.spendTable(at: position)
    let distance = Int(try buffer.load(Int32.self, at: position))
    let (vtable, overflow) = position.subtractingReportingOverflow(distance)
    guard !overflow, vtable >= 0, distance != 0 else {
      throw ModelError(.malformed, "a table's vtable lies outside the file", byteOffset: position)
    }
    let vtableSize = Int(try buffer.load(UInt16.self, at: vtable))
    guard vtableSize >= 4, vtableSize % 2 == 0 else {
      throw ModelError(.malformed, "a vtable of \(vtableSize) bytes", byteOffset: vtable)
    }
    _ = try buffer.range(at: vtable, length: vtableSize, of: "a vtable")
    let size = Int(try buffer.load(UInt16.self, at: vtable + 2))
    guard size >= 4 else {
      throw ModelError(.malformed, "a table of \(size) bytes", byteOffset: vtable + 2)
    }
    _ = try buffer.range(at: position, length: size, of: "a table")
    self.buffer = buffer
    self.position = position
    self.vtable = vtable
    self.size = size
    fieldCount = (vtableSize - 4) / 2
  }

  /// The table that the file's root offset, at byte 0, leads to.
  package static func root(of buffer: FlatBuffer) throws(ModelError) -> FlatTable {
    try FlatTable(buffer, at: buffer.target(ofOffsetAt: 0))
  }

  /// Where the field `id` of `width` bytes lies; `nil` where it is absent.
  func field(_ id: Int, width: Int) throws(ModelError) -> Int? {
    guard id < fieldCount else { return nil }
    let offset = Int(try buffer.load(UInt16.self, at: vtable + 4 + 2 * id))
    guard offset != 0 else { return nil }
    guard offset >= 4, offset + width <= size else {
      throw ModelError(
        .malformed, "field \(id) lies at \(offset) in a table of \(size) bytes", byteOffset: vtable + 4 + 2 * id)
    }
    return position + offset
  }

  /// Whether the file stores the field `id`.
  package func holds(_ id: Int) throws(ModelError) -> Bool { try field(id, width: 1) != nil }

  package func integer<T: FixedWidthInteger & BitwiseCopyable>(_ id: Int, default value: T) throws(ModelError) -> T {
    guard let place = try field(id, width: MemoryLayout<T>.size) else { return value }
    return try buffer.load(at: place)
  }

  package func float(_ id: Int, default value: Float = 0) throws(ModelError) -> Float {
    Float(bitPattern: try integer(id, default: value.bitPattern))
  }

  package func bool(_ id: Int, default value: Bool = false) throws(ModelError) -> Bool {
    try integer(id, default: value ? 1 as UInt8 : 0) != 0
  }

  /// Where the field `id`, an offset, leads; `nil` where it is absent.
  private func target(_ id: Int) throws(ModelError) -> Int? {
    guard let place = try field(id, width: 4) else { return nil }
    return try buffer.target(ofOffsetAt: place)
  }

  package func table(_ id: Int) throws(ModelError) -> FlatTable? {
    guard let target = try target(id) else { return nil }
    return try FlatTable(buffer, at: target)
  }

  package func string(_ id: Int) throws(ModelError) -> String? {
    guard let target = try target(id) else { return nil }
    return try buffer.string(at: target)
  }

  /// A vector of strings; empty where it is absent.
  func strings(_ id: Int) throws(ModelError) -> [String] {
    guard let target = try target(id) else { return [] }
    let (range, count) = try buffer.vector(at: target, elementSize: 4)
    try buffer.spend(count, at: target)
    var result: [String] = []
    for index in 0..<count {
      result.append(try buffer.string(at: buffer.target(ofOffsetAt: range.lowerBound + 4 * index)))
    }
    return result
  }

  /// The tables of a vector; `nil` where the vector is absent.
  package func tables(_ id: Int) throws(ModelError) -> [FlatTable]? {
    guard let target = try target(id) else { return nil }
    let (range, count) = try buffer.vector(at: target, elementSize: 4)
    try buffer.spend(count, at: target)
    var result: [FlatTable] = []
    for index in 0..<count {
      result.append(try FlatTable(buffer, at: buffer.target(ofOffsetAt: range.lowerBound + 4 * index)))
    }
    return result
  }

  /// The integers of a vector of `T`, widened; `nil` where the vector is absent.
  package func integers<T: FixedWidthInteger & BitwiseCopyable>(_ id: Int, of type: T.Type) throws(ModelError) -> [Int]?
  {
    guard let target = try target(id) else { return nil }
    let width = MemoryLayout<T>.size
    let (range, count) = try buffer.vector(at: target, elementSize: width)
    try buffer.spend(count, at: target)
    var result: [Int] = []
    result.reserveCapacity(count)
    for index in 0..<count {
      result.append(Int(truncatingIfNeeded: try buffer.load(T.self, at: range.lowerBound + width * index)))
    }
    return result
  }

  /// The numbers of a vector of float32; `nil` where the vector is absent.
  package func floats(_ id: Int) throws(ModelError) -> [Float]? {
    guard let bits = try integers(id, of: UInt32.self) else { return nil }
    return bits.map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }
  }

  /// Where the bytes of a byte vector lie; `nil` where the vector is absent.
  package func byteRange(_ id: Int) throws(ModelError) -> Range<Int>? {
    guard let target = try target(id) else { return nil }
    return try buffer.vector(at: target, elementSize: 1).bytes
  }

  /// The numbers of the fields at or above `known` that the file stores: fields of a newer schema.
  ///
  /// Any number of tables may share a vtable with room for 32,765 fields, so that looking through it counts as decoding.
  package func fields(from known: Int) throws(ModelError) -> [Int] {
    guard known < fieldCount else { return [] }
    try buffer.spend(fieldCount - known, at: vtable)
    var result: [Int] = []
    var id = known
    while id < fieldCount {
      if try holds(id) { result.append(id) }
      id += 1
    }
    return result
  }
}
