extension Tensor {
  /// The tensor whose axis `i` is this one's axis `permutation[i]`, its bytes in the new row-major order; they are put in that
  /// order where they are read.
  ///
  /// - Throws: `.internalFault` when `permutation` is none of this rank; `.unsupported` for types narrower than a byte.
  public func transposed(_ permutation: [Int]) throws(ModelError) -> Tensor {
    guard permutation.sorted() == Array(0..<extents.count) else {
      throw ModelError(.internalFault, "\(permutation) does not permute \(type)")
    }
    let newType = type.permuted(by: permutation)
    switch content {
    case .splat(let value): return try Tensor(type: newType, splat: value)
    case .bytes(let storage, let range):
      guard let bitWidth = elementType.bitWidth, bitWidth >= 8 else {
        throw ModelError(.unsupported, "cannot transpose elements of type \(elementType.name)")
      }
      // Axes of one element change no byte's place.
      let moving = permutation.filter { extents[$0] != 1 }
      if elementCount == 0 || moving == moving.sorted() {
        return try Tensor(type: newType, storage: storage, range: range)
      }
      let reordered = ReorderedElements(
        source: storage, range: range, walk: PermutedWalk(extents: extents, order: moving, width: bitWidth / 8))
      return try Tensor(type: newType, storage: DerivedStorage(reordered), range: 0..<range.count)
    }
  }
}

/// The elements of a tensor in another order of its axes.
private struct ReorderedElements: TensorDerivation {
  let source: any TensorStorage
  let range: Range<Int>
  let walk: PermutedWalk

  var byteCount: Int { range.count }

  var pieceAlignment: Int { walk.rowByteCount }

  var float32Bound: Float { source.float32Bound(range) }

  func compute(_ part: Range<Int>, into target: UnsafeMutableRawBufferPointer) {
    defer { withExtendedLifetime(source) {} }
    let bytes = UnsafeRawBufferPointer(rebasing: source.bytes[range])
    let rows = part.lowerBound / pieceAlignment..<part.upperBound / pieceAlignment
    walk.copy(rows, from: bytes, to: target)
  }
}
