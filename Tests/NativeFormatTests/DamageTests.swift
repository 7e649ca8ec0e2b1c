import FormatSupport
import ModelGraph
import NativeFormat
import TestSupport
import Testing

/// Files that were damaged by accident: whatever bit changed, it is found.
@Suite struct DamageTests {
  @Test func findsFlippedBits() throws {
    let bytes = try NativeFile.bytes(of: SamplePrograms.small())
    let file = try NativeFile(bytes)
    let headerCount = bytes.count - file.data.count
    var generator = SeededGenerator(seed: 2_000)
    // All of the length, of the checksum's digits and of the header's end; elsewhere 2,000 drawn at random.
    let digits = try #require(Self.digits(bytes))
    var places = Array(0..<(12 * 8)) + Array((digits.lowerBound * 8)..<(digits.upperBound * 8))
    places += Array(((headerCount - 16) * 8)..<((headerCount + 8) * 8))
    for _ in 0..<2_000 { places.append(generator.integer(in: 0...(bytes.count * 8 - 1))) }
    for bit in places {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      let error = #expect(throws: ModelError.self, "bit \(bit)") { try NativeFile.read(flipped) }
      #expect(error?.code == .malformed, "bit \(bit)")
    }
  }

  @Test func namesTheDamagedTensor() throws {
    var bytes = try NativeFile.bytes(of: SamplePrograms.small())
    bytes[bytes.count - 1] ^= 0x80
    let error = #expect(throws: ModelError.self) { try NativeFile.read(bytes) }
    #expect(error?.context == [.tensor("conv/bias")])
    #expect(error?.byteOffset == bytes.count - 12)
  }

  /// Tensors of this size are read by a thread of their own.
  @Test(arguments: [1 << 18, 1 << 19]) func findsDamageAndNumbersThatAreNotFinite(count: Int) throws {
    func bytes(_ last: Float) throws -> [UInt8] {
      var builder = GraphBuilder(name: "main")
      var floats = [Float](repeating: 1, count: count)
      floats[count - 1] = last
      let x = builder.input(name: "x", type: TensorType(.float32, [1, .fixed(count)]))
      let y = builder.constant(name: "y", try Tensor(floats, shape: [1, count]))
      let sum = try builder.add(.binary(Binary(.add)), name: "sum", inputs: [x, y])
      builder.output(sum[0], name: "sum")
      return try NativeFile.bytes(of: Program(graphs: [try builder.build()], source: "test"))
    }
    var whole = try bytes(2)
    func document(_ bytes: [UInt8]) throws -> NativeDocument {
      try NativeFormat.readDocument(MappedFile(bytes: bytes, name: "m"))
    }
    #expect(try document(whole).isKnownFinite)
    #expect(try !document(try bytes(.infinity)).isKnownFinite)
    #expect(try !document(try bytes(.nan)).isKnownFinite)
    whole[whole.count - 1] ^= 1
    let error = #expect(throws: ModelError.self) { try document(whole) }
    #expect(error?.context == [.tensor("y")])
  }

  @Test func findsTruncation() throws {
    let bytes = try NativeFile.bytes(of: SamplePrograms.small())
    for place in 0..<200 {
      let count = place * bytes.count / 200
      let error = #expect(throws: ModelError.self, "\(count)") { try NativeFile.read(Array(bytes[..<count])) }
      #expect(error?.code == .malformed, "\(count)")
    }
    #expect(throws: ModelError.self) { try NativeFile.read(bytes + [0]) }
  }

  private static func digits(_ bytes: [UInt8]) -> Range<Int>? {
    let label = Array("\"ferry.header_xxh3\":\"".utf8)
    guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: label) }) else { return nil }
    return (start + label.count)..<(start + label.count + 16)
  }
}
