import ModelGraph
import TestSupport
import Testing

struct TensorScaledRowsTests {
  private static func numbers(_ count: Int) -> [Float] {
    var random = SeededGenerator(seed: 7)
    return (0..<count).map { _ in Float(random.integer(in: -1_000_000...1_000_000)) / 1024 }
  }

  private static func bytes(_ tensor: Tensor, buffer byteCount: Int) throws -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
    defer { buffer.deallocate() }
    var bytes: [UInt8] = []
    var longest = 0
    try tensor.forEachPiece(in: { _ in buffer }) {
      bytes += $0
      longest = max(longest, $0.count)
    }
    // A piece fits into the buffer; where not even a row does, all comes at once.
    #expect(longest <= byteCount || longest == bytes.count)
    return bytes
  }

  @Test(arguments: [[5, 3], [1, 7], [40, 3, 3, 1], [33, 1, 1, 50], [6]])
  func everyRowHasItsFactor(extents: [Int]) throws {
    let elements = Self.numbers(extents.reduce(1, *))
    let factors = Self.numbers(extents[0])
    let row = elements.count / extents[0]
    let expected = elements.indices.map { elements[$0] * factors[$0 / row] }
    let scaled = try Tensor(elements, shape: extents).scaledRows(by: factors)
    let expectedBytes = expected.withUnsafeBytes { Array($0) }
    for byteCount in [64, 1000, 1 << 20] { #expect(try Self.bytes(scaled, buffer: byteCount) == expectedBytes) }
    #expect(try scaled.elements(as: Float.self) == expected)
    #expect(scaled.extents == extents)
  }

  /// What the folding of a norm into a Keras convolution makes: a filter [kh, kw, I, O] in the order [O, kh, kw, I], scaled.
  @Test func ofReorderedWeights() throws {
    let elements = Self.numbers(2 * 3 * 19 * 21)
    let factors = Self.numbers(21)
    let reordered = try Tensor(elements, shape: [2, 3, 19, 21]).transposed([3, 0, 1, 2])
    let kept = try reordered.elements(as: Float.self)
    let expected = kept.indices.map { kept[$0] * factors[$0 / (2 * 3 * 19)] }
    let fresh = try Tensor(elements, shape: [2, 3, 19, 21]).transposed([3, 0, 1, 2]).scaledRows(by: factors)
    let expectedBytes = expected.withUnsafeBytes { Array($0) }
    for byteCount in [64, 1000, 1 << 20] { #expect(try Self.bytes(fresh, buffer: byteCount) == expectedBytes) }
    #expect(try fresh.elements(as: Float.self) == expected)
    // Scaled twice: each product is rounded.
    let twice = try fresh.scaledRows(by: factors)
    #expect(try twice.elements(as: Float.self) == expected.indices.map { expected[$0] * factors[$0 / (2 * 3 * 19)] })
  }

  @Test func aSplatIsWrittenOut() throws {
    let ones = try Tensor(type: TensorType(.float32, [2, 3]), splat: .floating(1.5))
    #expect(try ones.scaledRows(by: [2, 4]).elements(as: Float.self) == [3, 3, 3, 6, 6, 6])
  }

  /// Many threads ask for the same bytes at once; all see the same ones.
  @Test func readByManyThreads() async throws {
    let elements = Self.numbers(300 * 200)
    let scaled = try Tensor(elements, shape: [200, 300]).transposed([1, 0]).scaledRows(by: Self.numbers(300))
    let sums = try await withThrowingTaskGroup(of: [Float].self) { group in
      for _ in 0..<8 { group.addTask { try scaled.elements(as: Float.self) } }
      return try await group.reduce(into: [[Float]]()) { $0.append($1) }
    }
    #expect(sums.count == 8)
    for sum in sums { #expect(sum == sums[0]) }
  }

  @Test func wrongFactorsAreRefused() throws {
    let tensor = try Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
    #expect(throws: ModelError.self) { try tensor.scaledRows(by: [1]) }
    #expect(throws: ModelError.self) { try tensor.scaledRows(by: [1, 2, 3, 4]) }
    #expect(throws: ModelError.self) { try Tensor([1, 2] as [Int64], shape: [2]).scaledRows(by: [1, 2]) }
    #expect(throws: ModelError.self) { try Tensor([Float](), shape: [0, 2]).scaledRows(by: []) }
  }
}
