extension Tensor {
  /// The tensor whose axis `i` is this one's axis `permutation[i]`, its bytes in the new row-major order.
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
      switch bitWidth {
      case 8: return try permuted(as: UInt8.self, moving, type: newType)
      case 16: return try permuted(as: UInt16.self, moving, type: newType)
      case 32: return try permuted(as: UInt32.self, moving, type: newType)
      default: return try permuted(as: UInt64.self, moving, type: newType)
      }
    }
  }

  /// - Parameter order: the axes of more than one element in their new order, which is not the old one.
  private func permuted<Element: BitwiseCopyable>(
    as: Element.Type, _ order: [Int], type: TensorType
  ) throws(ModelError) -> Tensor {
    var strides = [Int](repeating: 1, count: extents.count)
    for axis in stride(from: extents.count - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * extents[axis + 1]
    }
    let walk = PermutedWalk(extents: order.map { extents[$0] }, strides: order.map { strides[$0] })
    let storage = try withUnsafeBytes { (source) throws(ModelError) in
      try OwnedStorage(uninitializedByteCount: source.count) { target in
        walk.copy(from: source, to: target, as: Element.self)
      }
    }
    return try Tensor(type: type, storage: storage, range: 0..<storage.bytes.count)
  }
}

/// A walk through a target in row-major order whose axes lie `strides` elements apart in the source.
private struct PermutedWalk {
  let extents: [Int]
  let strides: [Int]

  /// Tiles of the last axis and of the one whose neighbours are neighbours in the source: both sides then use whole cache
  /// lines. The other axes are counted as an odometer does.
  func copy<Element: BitwiseCopyable>(
    from source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer, as: Element.Type
  ) {
    let last = extents.count - 1
    let dense = strides.indices.min { strides[$0] < strides[$1] } ?? last
    var steps = [Int](repeating: 1, count: extents.count)
    for axis in stride(from: last - 1, through: 0, by: -1) { steps[axis] = steps[axis + 1] * extents[axis + 1] }
    let outer = extents.indices.filter { $0 != last && $0 != dense }
    var index = [Int](repeating: 0, count: extents.count)
    var from = 0
    var to = 0
    while true {
      if dense == last {
        let width = MemoryLayout<Element>.size
        UnsafeMutableRawBufferPointer(rebasing: target[(to * width)...])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[from * width..<(from + extents[last]) * width]))
      } else {
        copyTiles(from: source, from, to: target, to, step: steps[dense], dense: dense, as: Element.self)
      }
      var position = outer.count - 1
      while position >= 0 {
        let axis = outer[position]
        index[axis] += 1
        from += strides[axis]
        to += steps[axis]
        if index[axis] < extents[axis] { break }
        from -= strides[axis] * extents[axis]
        to -= steps[axis] * extents[axis]
        index[axis] = 0
        position -= 1
      }
      if position < 0 { return }
    }
  }

  private func copyTiles<Element: BitwiseCopyable>(
    from source: UnsafeRawBufferPointer, _ from: Int, to target: UnsafeMutableRawBufferPointer, _ to: Int, step: Int,
    dense: Int, as: Element.Type
  ) {
    let width = MemoryLayout<Element>.size
    let tile = 16
    guard let sourceStart = source.baseAddress, let targetStart = target.baseAddress else { return }
    let (rows, columns, apart) = (extents[dense], extents[extents.count - 1], strides[extents.count - 1])
    for firstColumn in stride(from: 0, to: columns, by: tile) {
      let columnEnd = min(firstColumn + tile, columns)
      for firstRow in stride(from: 0, to: rows, by: tile) {
        for row in firstRow..<min(firstRow + tile, rows) {
          var read = sourceStart + (from + row + firstColumn * apart) * width
          var written = targetStart + (to + row * step + firstColumn) * width
          for _ in firstColumn..<columnEnd {
            written.storeBytes(of: read.loadUnaligned(as: Element.self), as: Element.self)
            read += apart * width
            written += width
          }
        }
      }
    }
  }
}
