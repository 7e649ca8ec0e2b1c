import ModelGraph
import TestSupport
import Testing

struct TensorTransposedTests {
  private static let cases: [([Int], [Int])] = [
    ([5, 3], [1, 0]), ([40, 37], [1, 0]), ([70, 131], [1, 0]), ([2, 3, 4], [2, 0, 1]), ([2, 3, 4], [0, 2, 1]),
    ([3, 3, 17, 33], [3, 0, 1, 2]),
    ([33, 17, 3, 3], [0, 2, 3, 1]), ([1, 1, 19, 35], [3, 0, 1, 2]), ([35, 19, 1, 1], [0, 2, 3, 1]), ([4, 5], [0, 1]),
    ([2, 1, 3, 1], [3, 2, 1, 0]), ([7], [0]), ([], []), ([3, 0, 2], [2, 1, 0]), ([2, 3, 4, 5, 2], [4, 2, 0, 3, 1]),
  ]

  /// Element by element: index i of the result's axis a is index i of the source's axis permutation[a].
  private static func expected<Element>(_ elements: [Element], _ extents: [Int], _ permutation: [Int]) -> [Element] {
    let newExtents = permutation.map { extents[$0] }
    return elements.indices.map { position in
      var rest = position
      var index = [Int](repeating: 0, count: extents.count)
      for axis in newExtents.indices.reversed() {
        index[permutation[axis]] = rest % newExtents[axis]
        rest /= newExtents[axis]
      }
      return elements[zip(index, extents).reduce(0) { $0 * $1.1 + $1.0 }]
    }
  }

  private static func check<Element: BitwiseCopyable & FixedWidthInteger>(
    _: Element.Type, _ type: ElementType, _ extents: [Int], _ permutation: [Int]
  ) throws {
    var random = SeededGenerator(seed: 5)
    let count = extents.reduce(1, *)
    let elements = (0..<count).map { _ in Element(truncatingIfNeeded: random.integer(in: 0...(1 << 40))) }
    let tensor = try Tensor(elements, type: TensorType(type, Shape(extents)))
    let moved = try tensor.transposed(permutation)
    #expect(moved.extents == permutation.map { extents[$0] })
    let expected = expected(elements, extents, permutation)
    // Piece by piece first: reading all of them keeps them.
    for byteCount in [64, 700, 1 << 20] {
      #expect(try elementsByPiece(moved, buffer: byteCount, as: Element.self) == expected)
    }
    #expect(try moved.elements(as: Element.self) == expected)
    // And back.
    let back = permutation.indices.map { axis in permutation.firstIndex(of: axis) ?? 0 }
    #expect(try moved.transposed(back).elements(as: Element.self) == elements)
  }

  private static func elementsByPiece<Element: BitwiseCopyable>(
    _ tensor: Tensor, buffer byteCount: Int, as: Element.Type
  ) throws -> [Element] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
    defer { buffer.deallocate() }
    var bytes: [UInt8] = []
    try tensor.forEachPiece(in: { _ in buffer }) { bytes += $0 }
    return bytes.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: MemoryLayout<Element>.size).map {
        bytes.loadUnaligned(fromByteOffset: $0, as: Element.self)
      }
    }
  }

  @Test(arguments: cases)
  func everyElementFindsItsPlace(extents: [Int], permutation: [Int]) throws {
    try Self.check(UInt8.self, .uint8, extents, permutation)
    try Self.check(UInt16.self, .uint16, extents, permutation)
    try Self.check(Int32.self, .int32, extents, permutation)
    try Self.check(Int64.self, .int64, extents, permutation)
  }

  /// Bytes that nothing is known of: a view that begins at an odd place.
  @Test func unalignedBytes() throws {
    let storage = OwnedStorage([UInt8]((0..<97).map { UInt8($0) }))
    let tensor = try Tensor(type: TensorType(.int32, [4, 6]), storage: storage, range: 1..<97)
    let elements = try tensor.elements(as: Int32.self)
    #expect(try tensor.transposed([1, 0]).elements(as: Int32.self) == Self.expected(elements, [4, 6], [1, 0]))
  }

  @Test func whatIsNoPermutationIsRefused() throws {
    let tensor = try Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
    for permutation in [[0], [0, 0], [0, 2], [0, 1, 2]] {
      #expect(throws: ModelError.self) { try tensor.transposed(permutation) }
    }
  }
}
