import CKernels
import ModelGraph

extension PlanBuilder {
  /// The same elements in the same order: a new name for the same memory.
  mutating func lowerView(_ node: Node) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    let from = try extents(x), to = try extents(y)
    guard from.reduce(1, *) == to.reduce(1, *) else {
      throw ModelError(.internalFault, "cannot view \(from) as \(to)")
    }
    if from == to {
      try alias(y, to: x)
      return
    }
    // A row of features may stay in blocks: [N, 1, 1, C] and [N, C] are the same blocks of one pixel.
    if let blocked = places(x).blocked, places(x).plain == nil, Self.isRow(from), Self.isRow(to), from.last == to.last {
      setBlocked(y, blocked)
      return
    }
    setPlain(y, try plain(x))
  }

  private static func isRow(_ extents: [Int]) -> Bool {
    extents.count == 2 || (extents.count == 4 && extents[1] == 1 && extents[2] == 1)
  }

  mutating func lower(_ op: Transpose, _ node: Node) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    let from = try extents(x), to = try extents(y)
    let moving = op.permutation.filter { from[$0] != 1 }
    if moving == moving.sorted() {
      // Only axes of extent one move: the elements keep their order.
      setPlain(y, try plain(x))
      return
    }
    let strides = rowMajorStrides(from)
    let source = try plain(x), target = try newPlain(y)
    copy(source, strides: op.permutation.map { strides[$0] }, to: target, strides: rowMajorStrides(to), extents: to)
  }

  mutating func lower(_ op: Slice, _ node: Node) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    let from = try extents(x), to = try extents(y)
    var strides = rowMajorStrides(from)
    var offset = 0
    for (position, axis) in op.axes.enumerated() {
      let (first, step, _) = op.elements(position, extent: from[axis])
      offset += first * strides[axis]
      strides[axis] *= step
    }
    let source = try plain(x), target = try newPlain(y)
    copy(source, strides: strides, offset: offset, to: target, strides: rowMajorStrides(to), extents: to)
  }

  mutating func lower(_ op: Split, _ node: Node) throws(ModelError) {
    let x = try input(node, 0)
    let from = try extents(x)
    let strides = rowMajorStrides(from)
    var first = 0
    if from.count == 4, op.axis == 3, prefersBlocks([x]) {
      let map = try MapExtents(from)
      let source = try blocked(x)
      for (part, output) in zip(op.extents, node.outputs) {
        let target = try newBlocked(output)
        emit(
          CopyChannelsStep(
            input: source, inputMap: map, inputChannel: first, output: target, outputMap: try map.with(channels: part),
            outputChannel: 0, channels: part, lanes: lanes), source, target)
        first += part
      }
      return
    }
    let source = try plain(x)
    for (part, output) in zip(op.extents, node.outputs) {
      let to = try extents(output)
      let target = try newPlain(output)
      copy(
        source, strides: strides, offset: first * strides[op.axis], to: target, strides: rowMajorStrides(to),
        extents: to)
      first += part
    }
  }

  mutating func lower(_ op: Tile, _ node: Node) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    let from = try extents(x), to = try extents(y)
    guard from.count * 2 <= ferry_maximum_rank else { throw ModelError(.unsupported, "tiles of \(from.count) axes") }
    let strides = rowMajorStrides(from), targetStrides = rowMajorStrides(to)
    let source = try plain(x), target = try newPlain(y)
    // Each axis becomes two: the repetition, which does not move in the source, and the axis itself.
    copy(
      source, strides: strides.flatMap { [0, $0] }, to: target,
      strides: zip(targetStrides, from).flatMap { [$0 * $1, $0] }, extents: zip(op.repeats, from).flatMap { [$0, $1] })
  }

  mutating func lowerExpand(_ node: Node) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    let from = try extents(x), to = try extents(y)
    let own = rowMajorStrides(from), missing = to.count - from.count
    let strides = to.indices.map { $0 < missing || from[$0 - missing] == 1 ? 0 : own[$0 - missing] }
    let source = try plain(x), target = try newPlain(y)
    copy(source, strides: strides, to: target, strides: rowMajorStrides(to), extents: to)
  }

  /// [N, H·b, W·b, C] → [N, H, W, (row, column, C)].
  mutating func lower(_ op: SpaceToDepth, _ node: Node) throws(ModelError) {
    try expectChannelsLast(op.layout)
    let x = try input(node, 0), y = try output(node)
    let from = try extents(x), to = try extents(y)
    let (b, c) = (op.blockSize, from[3])
    let strides = rowMajorStrides(from)
    let source = try plain(x), target = try newPlain(y)
    let extents = [to[0], to[1], to[2], b, b, c]
    copy(
      source, strides: [strides[0], strides[1] * b, strides[2] * b, strides[1], strides[2], 1], to: target,
      strides: rowMajorStrides(extents), extents: extents)
  }

  /// [N, H, W, b²·C] → [N, H·b, W·b, C].
  mutating func lower(_ op: DepthToSpace, _ node: Node) throws(ModelError) {
    try expectChannelsLast(op.layout)
    let x = try input(node, 0), y = try output(node)
    let from = try extents(x), to = try extents(y)
    let (b, c) = (op.blockSize, to[3])
    let strides = rowMajorStrides(from)
    // Strides of row, column and channel within a pixel's channels.
    let inner = op.order == .blockFirst ? (b * c, c, 1) : (b, 1, b * b)
    let source = try plain(x), target = try newPlain(y)
    let extents = [from[0], from[1], b, from[2], b, c]
    copy(
      source, strides: [strides[0], strides[1], inner.0, strides[2], inner.1, inner.2], to: target,
      strides: rowMajorStrides(extents), extents: extents)
  }
}
