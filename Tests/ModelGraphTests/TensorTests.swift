import ModelGraph
import Testing

@Suite struct TensorTests {
  @Test func aTensorTakesExactlyTheBytesOfItsType() throws {
    let storage = OwnedStorage([1, 2, 3, 4] as [Float])
    #expect(try Tensor(type: TensorType(.float32, [2, 2]), storage: storage, range: 0..<16).floats() == [1, 2, 3, 4])
    let wrong: [(TensorType, Range<Int>)] = [
      (TensorType(.float32, [2, 2]), 0..<15), (TensorType(.float32, [3, 2]), 0..<24),
      (TensorType(.float32, .ranked([.unknown])), 0..<16), (TensorType(.float32, Shape([1 << 62, 8])), 0..<16),
      (TensorType(.string, [1]), 0..<4),
    ]
    for (type, range) in wrong {
      #expect(throws: ModelError.self) { try Tensor(type: type, storage: storage, range: range) }
    }
  }

  @Test func unalignedBytesAreRead() throws {
    let bytes: [UInt8] = [9, 0, 0, 128, 63, 0, 0, 0, 64]
    let tensor = try Tensor(type: TensorType(.float32, [2]), storage: OwnedStorage(bytes), range: 1..<9)
    #expect(try tensor.floats() == [1, 2])
  }

  @Test func fourBitElementsAreUnpackedLowNibbleFirst() throws {
    let tensor = try Tensor(type: TensorType(.int4, [3]), storage: OwnedStorage([0xF7, 0x08] as [UInt8]), range: 0..<2)
    #expect(try tensor.integers() == [7, -1, -8])
  }

  @Test func splatsAreWrittenOutExactly() throws {
    #expect(try Tensor(type: TensorType(.float16, [3]), splat: .floating(0.5)).floats() == [0.5, 0.5, 0.5])
    #expect(try Tensor(type: TensorType(.int8, [2]), splat: .integer(-5)).integers() == [-5, -5])
    #expect(throws: ModelError.self) { try Tensor(type: TensorType(.int8, [2]), splat: .integer(500)).integers() }
  }

  @Test func transposingFollowsThePermutation() throws {
    let tensor = try Tensor((0..<24).map(Float.init), shape: [2, 3, 4])
    let moved = try tensor.transposed([2, 0, 1])
    #expect(moved.extents == [4, 2, 3])
    let elements = try moved.floats()
    for a in 0..<4 {
      for b in 0..<2 {
        for c in 0..<3 { #expect(elements[(a * 2 + b) * 3 + c] == Float((b * 3 + c) * 4 + a)) }
      }
    }
    #expect(try moved.transposed([1, 2, 0]).floats() == tensor.floats())
    #expect(throws: ModelError.self) { try tensor.transposed([0, 0, 1]) }
  }

  @Test func quantizationMovesWithItsAxis() {
    let type = TensorType(
      .int8, [4, 3, 3, 1], quantization: .perAxis(axis: 0, scales: [1, 2, 3, 4], zeroPoints: [0, 0, 0, 0]))
    #expect(type.permuted(by: [3, 1, 2, 0]).quantization?.axis == 3)
  }
}
