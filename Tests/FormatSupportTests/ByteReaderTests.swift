import FormatSupport
import ModelGraph
import TestSupport
import Testing

@Suite struct ByteReaderTests {
  let reader = ByteReader(MappedFile(bytes: Array(0..<16) + [0xFF, 0xC3, 0xA4], name: "m"))

  @Test func readsLittleEndian() throws {
    #expect(try reader.uint8(at: 3) == 3)
    #expect(try reader.int8(at: 16) == -1)
    #expect(try reader.uint16(at: 1) == 0x0201)
    #expect(try reader.int16(at: 15) == Int16(bitPattern: 0xFF0F))
    #expect(try reader.uint32(at: 1) == 0x0403_0201)
    #expect(try reader.int32(at: 0) == 0x0302_0100)
    #expect(try reader.uint64(at: 0) == 0x0706_0504_0302_0100)
    #expect(try reader.int64(at: 8) == 0x0F0E_0D0C_0B0A_0908)
    #expect(try reader.size64(at: 0) == 0x0706_0504_0302_0100)
    #expect(try reader.float32(at: 0) == Float(bitPattern: 0x0302_0100))
    #expect(try reader.float64(at: 0) == Double(bitPattern: 0x0706_0504_0302_0100))
    #expect(try reader.string(at: 17, count: 2) == "ä")
    #expect(try Array(reader.bytes(at: 14, count: 5)) == [14, 15, 0xFF, 0xC3, 0xA4])
    #expect(try reader.range(at: 19, count: 0) == 19..<19)
    #expect(try reader.range(at: 4, count: 3, stride: 5) == 4..<19)
  }

  @Test(arguments: [
    (-1, 1), (19, 1), (16, 4), (0, 20), (0, -1), (Int.max, 1), (1, Int.max), (Int.max, Int.max), (Int.min, Int.min),
  ])
  func refusesRangesOutside(offset: Int, count: Int) {
    let error = #expect(throws: ModelError.self) { try reader.range(at: offset, count: count) }
    #expect(error?.code == .malformed)
    #expect(error?.byteOffset == offset)
  }

  @Test func refusesOverflowingProducts() {
    #expect(throws: ModelError.self) { try reader.range(at: 0, count: Int.max / 2, stride: 4) }
    #expect(throws: ModelError.self) { try reader.range(at: 0, count: -1, stride: -1) }
    #expect(throws: ModelError.self) { try reader.range(at: 0, count: 5, stride: 4) }
  }

  @Test func refusesScalarsAtTheEnd() {
    #expect(throws: ModelError.self) { try reader.uint16(at: 18) }
    #expect(throws: ModelError.self) { try reader.float64(at: 12) }
    #expect(throws: ModelError.self) { try reader.size64(at: 9) }
    #expect(throws: ModelError.self) { try reader.string(at: 16, count: 2) }
  }
}
