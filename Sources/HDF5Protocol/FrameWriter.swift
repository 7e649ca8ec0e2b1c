import ModelGraph

/// Appends numbers, texts and lists in the protocol's form.
struct FrameWriter {
  var bytes: [UInt8] = []

  mutating func append<Integer: FixedWidthInteger>(_ number: Integer) {
    for index in 0..<(Integer.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> Integer(truncatingIfNeeded: index * 8)))
    }
  }

  mutating func append(count: Int) throws(ModelError) {
    guard let number = UInt32(exactly: count) else {
      throw ModelError(
        .unsupported, "the HDF5 file holds a value of \(count) bytes or items, more than can be handed over")
    }
    append(number)
  }

  mutating func append(_ text: String) throws(ModelError) {
    try append(count: text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  mutating func append(_ shape: [Int]) throws(ModelError) {
    try append(count: shape.count)
    for extent in shape { append(UInt64(truncatingIfNeeded: extent)) }
  }
}
