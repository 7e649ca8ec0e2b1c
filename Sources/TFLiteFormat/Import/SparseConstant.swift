import ModelGraph

/// A sparse constant, as models with pruned weights hold them in front of DENSIFY.
///
/// The values lie in the order of a tree: level i of it runs over the i-th axis of the traversal order, all of its indices
/// (dense) or those that a segment lists (compressed sparse rows). Axes beyond the tensor's rank run inside the blocks of
/// the axes that the block map names. The format is TACO's (Kjolstad et al. 2017), as TFLite's schema describes it.
struct SparseConstant {
  let sparsity: SparsityTable
  let type: TensorType

  /// Every element in row-major order, zero where nothing is stored.
  ///
  /// - Throws: `.malformed` where the levels contradict the shape or lead outside the values, or where the budget does not
  ///   suffice.
  func dense(file: any TensorStorage, range: Range<Int>, budget: ImportBudget) throws(ModelError) -> Tensor {
    guard let extents = type.shape.extents, let count = type.shape.elementCount(),
      let bits = type.elementType.bitWidth, bits % 8 == 0,
      let byteCount = type.elementType.byteCount(elementCount: count)
    else { throw ModelError(.unsupported, "a sparse constant of type \(type)") }
    try budget.spend(unpacked: byteCount)
    guard count > 0 else { return try Tensor(type: type, storage: file, range: range.lowerBound..<range.lowerBound) }
    var walk = try Walk(sparsity: sparsity, extents: extents)
    walk.valueCount = range.count / (bits / 8)
    let places = try walk.places()
    let width = bits / 8
    let storage = try OwnedStorage(byteCount: byteCount) { memory in
      for (value, place) in places {
        let source = range.lowerBound + value * width
        for byte in 0..<width { memory[place * width + byte] = file.bytes[source + byte] }
      }
    }
    return try Tensor(type: type, storage: storage, range: 0..<byteCount)
  }

  /// The descent through the levels.
  private struct Walk {
    /// One level: how far one step along it moves in the dense tensor.
    struct Level {
      let dimension: SparsityTable.Dimension
      let extent: Int
      let stride: Int
    }

    var levels: [Level] = []
    var valueCount = 0
    private var result: [(value: Int, place: Int)] = []

    init(sparsity: SparsityTable, extents: [Int]) throws(ModelError) {
      let rank = extents.count
      let order = sparsity.traversalOrder
      guard order.sorted() == Array(0..<(rank + sparsity.blockMap.count)), order.count == sparsity.dimensions.count,
        sparsity.blockMap.allSatisfy((0..<rank).contains), Set(sparsity.blockMap).count == sparsity.blockMap.count
      else { throw ModelError(.malformed, "the sparse levels do not match \(rank) axes") }
      var strides = [Int](repeating: 1, count: rank)
      for axis in stride(from: rank - 2, through: 0, by: -1) { strides[axis] = strides[axis + 1] * extents[axis + 1] }
      // Blocks: axis rank + j runs inside axis blockMap[j], which then counts blocks.
      var blockSizes = [Int](repeating: 1, count: rank)
      for (level, axis) in order.enumerated() where axis >= rank {
        blockSizes[sparsity.blockMap[axis - rank]] = sparsity.dimensions[level].denseSize
      }
      for (level, axis) in order.enumerated() {
        let dimension = sparsity.dimensions[level]
        let target = axis < rank ? axis : sparsity.blockMap[axis - rank]
        let block = blockSizes[target]
        guard block > 0, extents[target] % block == 0 else {
          throw ModelError(.malformed, "blocks of \(block) along an axis of \(extents[target])")
        }
        let extent = axis < rank ? extents[target] / block : block
        if dimension.format == 0 {
          guard dimension.denseSize == extent else {
            throw ModelError(.malformed, "a dense level of \(dimension.denseSize) along \(extent) indices")
          }
        } else if dimension.format != 1 || axis >= rank {
          throw ModelError(.unsupported, "a sparse level of format \(dimension.format)")
        }
        levels.append(
          Level(dimension: dimension, extent: extent, stride: axis < rank ? strides[target] * block : strides[target]))
      }
    }

    mutating func places() throws(ModelError) -> [(value: Int, place: Int)] {
      result = []
      try descend(0, 0, 0)
      guard result.count == valueCount else {
        throw ModelError(.malformed, "\(valueCount) sparse values, the levels place \(result.count)")
      }
      return result
    }

    /// The depth is the number of levels, at most twice the rank.
    private mutating func descend(_ depth: Int, _ node: Int, _ place: Int) throws(ModelError) {
      guard depth < levels.count else {
        guard node < valueCount, result.count < valueCount else {
          throw ModelError(.malformed, "the sparse levels lead beyond the \(valueCount) values")
        }
        result.append((node, place))
        return
      }
      let level = levels[depth]
      if level.dimension.format == 0 {
        for index in 0..<level.extent {
          try descend(depth + 1, node * level.extent + index, place + index * level.stride)
        }
        return
      }
      let segments = level.dimension.segments
      let indices = level.dimension.indices
      guard segments.indices.contains(node), segments.indices.contains(node + 1), segments[node] >= 0,
        segments[node] <= segments[node + 1], segments[node + 1] <= indices.count
      else { throw ModelError(.malformed, "a sparse segment leads outside its indices") }
      for position in segments[node]..<segments[node + 1] {
        guard (0..<level.extent).contains(indices[position]) else {
          throw ModelError(.malformed, "a sparse index of \(indices[position]) along \(level.extent) indices")
        }
        try descend(depth + 1, position, place + indices[position] * level.stride)
      }
    }
  }
}
