import FormatSupport
import ModelGraph
import TFLiteFormat
import Testing

/// Hand-made flatbuffers of a few bytes, each with one thing wrong.
struct FlatBufferTests {
  /// A root offset, a vtable and a table with one 32-bit field of value 7.
  private static let sound: [UInt8] = [
    10, 0, 0, 0,  // root: the table at 10
    6, 0, 8, 0, 4, 0,  // vtable at 4: 6 bytes, table of 8, field 0 at 4
    6, 0, 0, 0,  // table at 10: vtable 6 before it
    7, 0, 0, 0,
  ]

  private func read<Result>(
    _ bytes: [UInt8], _ body: (FlatTable) throws(ModelError) -> Result
  ) throws -> Result {
    try body(FlatTable.root(of: FlatBuffer(MappedFile(bytes: bytes, name: "test"))))
  }

  private func message(_ bytes: [UInt8], _ body: (FlatTable) throws(ModelError) -> Void) -> String {
    do {
      try read(bytes, body)
      return "read"
    } catch let error as ModelError {
      return error.message
    } catch {
      return "\(error)"
    }
  }

  private func changed(_ offset: Int, _ values: UInt8...) -> [UInt8] {
    var bytes = Self.sound
    for (index, value) in values.enumerated() { bytes[offset + index] = value }
    return bytes
  }

  @Test func fieldsAndDefaults() throws {
    let values = try read(Self.sound) { table throws(ModelError) in
      [try table.integer(0, default: 1 as Int32), try table.integer(1, default: 5 as Int32)]
    }
    #expect(values == [7, 5])
    #expect(try read(Self.sound) { table throws(ModelError) in try table.fields(from: 0) } == [0])
  }

  @Test func rootOutsideTheFile() {
    #expect(message(changed(0, 200)) { _ in } == "an offset of 200 does not lead into the file")
    #expect(message(changed(0, 0)) { _ in } == "an offset of 0 does not lead into the file")
    #expect(message(changed(0, 0, 0, 0, 255)) { _ in }.contains("does not lead into the file"))
  }

  @Test func vtables() {
    #expect(message(changed(10, 11)) { _ in } == "a table's vtable lies outside the file")
    #expect(message(changed(10, 0, 0, 0, 128)) { _ in }.hasPrefix("a number of 2 bytes leaves the file"))
    #expect(message(changed(4, 5)) { _ in } == "a vtable of 5 bytes")
    #expect(message(changed(4, 2)) { _ in } == "a vtable of 2 bytes")
    #expect(message(changed(4, 200)) { _ in }.hasPrefix("a vtable of 200 bytes leaves the file"))
    #expect(message(changed(6, 3)) { _ in } == "a table of 3 bytes")
    #expect(message(changed(6, 9)) { _ in }.hasPrefix("a table of 9 bytes leaves the file"))
  }

  @Test func fieldOutsideItsTable() {
    let wanted = "field 0 lies at 5 in a table of 8 bytes"
    #expect(
      message(changed(8, 5)) { table throws(ModelError) in _ = try table.integer(0, default: 0 as Int32) } == wanted)
    #expect(
      message(changed(8, 2)) { table throws(ModelError) in _ = try table.bool(0) }
        == "field 0 lies at 2 in a table of 8 bytes")
  }

  @Test func hugeVector() {
    let vector = changed(14, 4, 0, 0, 0) + [255, 255, 255, 255]
    let wanted = "a vector of 17179869180 bytes leaves the file, which has 22 bytes"
    #expect(message(vector) { table throws(ModelError) in _ = try table.integers(0, of: Int32.self) } == wanted)
    #expect(message(vector) { table throws(ModelError) in _ = try table.tables(0) } == wanted)
    #expect(message(vector) { table throws(ModelError) in _ = try table.string(0) }.contains("leaves the file"))
  }

  /// A vector that names the same table over and over, each of which holds the same long vector: the decoded size would
  /// be the square of the file's.
  @Test func amplification() {
    var bytes = Self.sound
    bytes[14] = 4
    let count = 4_000
    let start = bytes.count + 4
    bytes += withUnsafeBytes(of: UInt32(count).littleEndian, Array.init)
    for index in 0..<count {
      // Back to the root is impossible, offsets only lead forward: each leads to one table behind the vector.
      let distance = UInt32(count * 4 - index * 4 + 6)
      bytes += withUnsafeBytes(of: distance.littleEndian, Array.init)
    }
    #expect(bytes.count == start + 4 * count)
    bytes += [6, 0, 8, 0, 4, 0] + [6, 0, 0, 0, 4, 0, 0, 0]
    bytes += withUnsafeBytes(of: UInt32(8_000).littleEndian, Array.init) + [UInt8](repeating: 1, count: 8_000)
    let text = message(bytes) { root throws(ModelError) in
      for table in try root.tables(0) ?? [] { _ = try table.string(0) }
    }
    #expect(text == "the file points at more tables than its size can hold" || text.contains("grow without bound"))
  }
}
