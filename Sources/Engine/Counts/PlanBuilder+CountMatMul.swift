import CKernels
import ModelGraph

/// Products of two matrices of counts, which only ONNX has.
extension PlanBuilder {
  /// A product whose right factor is a constant matrix is a dense layer without bias.
  mutating func lowerCounts(_ op: MatMul, _ node: Node) throws(ModelError) {
    guard graph.arithmetic == .onnx else {
      throw ModelError(.unsupported, "a product of two tensors has no meaning in LiteRT's integer arithmetic")
    }
    let b = graph[try input(node, 1)].type
    let rank = try extents(try input(node, 1)).count
    if rank == 2, !op.transposesA, graph.constant(node, 1) != nil {
      let right = try constantTensor(node, 1, "a right factor")
      try lowerCountRows(
        node, weights: op.transposesB ? right : try right.transposed([1, 0]), bias: nil, clamp: .unbounded)
      return
    }
    let types = try productTypes(node, weights: b, outputAxis: rank == 1 ? -1 : rank - (op.transposesB ? 2 : 1))
    let product = try matMulExtents(op, node)
    let rescaling = Rescaling(
      try RealRescaling.products(
        input: types.input, weights: types.weights, output: types.output, channels: product.columns))
    let zeroPoints = (b.quantization?.zeroPoints ?? [0]).map { UInt8(truncatingIfNeeded: $0) }
    try emitMatMul(
      node, product, reading: try CountReading(types.input), zeroPoints: .reading,
      rightZeroPoints: try constant(
        .table(node.id, part: 0), try Tensor(zeroPoints, type: TensorType(.uint8, Shape([zeroPoints.count])))),
      rescaling: rescaling)
  }

  mutating func lowerIntegerMatMul(_ node: Node) throws(ModelError) {
    let a = try input(node, 0), b = try input(node, 1)
    let (left, right) = (try extents(a), try extents(b))
    let zeroPoints = try node.input(2).map { (id) throws(ModelError) in try extents(id) } ?? []
    let hasConstants = graph.constant(node, 1) != nil && (node.input(3) == nil || graph.constant(node, 3) != nil)
    if right.count == 2, hasConstants {
      // A zero point for each row makes each a map of its own.
      let rows = left.dropLast().reduce(1, *)
      let byRow =
        zeroPoints.reduce(1, *) > 1
        && (zeroPoints == left.dropLast() + [1] || left.count == 2 && zeroPoints == [left[0]])
      try lowerIntegerProducts(
        node,
        byRow
          ? try CountConvolution(maps: rows, inputs: right[0], outputs: right[1])
          : try CountConvolution(rows: rows, inputs: right[0], outputs: right[1]),
        weights: try constantTensor(node, 1, "a right factor").transposed([1, 0]), zeroPoints: byRow ? rows : 1)
      return
    }
    let product = try matMulExtents(MatMul(), node)
    let rightZeros = try node.input(3).map { (id) throws(ModelError) in try extents(id) } ?? []
    guard zeroPoints.reduce(1, *) == 1, rightZeros.reduce(1, *) == 1 || rightZeros == [product.columns] else {
      throw ModelError(
        .unsupported, "a product of \(left) by \(right) with zero points \(zeroPoints) and \(rightZeros)")
    }
    let leftZero = try node.input(2).map { (id) throws(ModelError) in
      ZeroPointSource.bytes(try plain(id), isShared: true)
    }
    let rightZero =
      if let id = node.input(3) {
        try plain(id)
      } else {
        try constant(.table(node.id, part: 0), try Tensor([UInt8(0)], type: TensorType(.uint8, [1])))
      }
    try emitMatMul(
      node, product, reading: try CountReading(graph[a].type.elementType, zeroPoint: 0),
      zeroPoints: leftZero ?? .reading, rightZeroPoints: rightZero, rescaling: nil)
  }

  private func matMulExtents(_ op: MatMul, _ node: Node) throws(ModelError) -> MatMulExtents {
    try MatMulExtents(op, left: try extents(try input(node, 0)), right: try extents(try input(node, 1)))
  }

  private mutating func emitMatMul(
    _ node: Node, _ product: MatMulExtents, reading: CountReading, zeroPoints: ZeroPointSource,
    rightZeroPoints: BufferID, rescaling: Rescaling?
  ) throws(ModelError) {
    let b = try input(node, 1), y = try output(node)
    let kernel = try kernels.countMatMul()
    let rightReading = try CountReading(graph[b].type.elementType, zeroPoint: 0)
    let rows = ChannelRows(groups: 1, groupOutputs: product.columns, panel: 1)
    let channels = try constant(.channelRows(node.id, panel: 1, summands: 0)) { () throws(ModelError) in
      try rows.packed(bias: nil, rescaling)
    }
    let left = try plain(try input(node, 0)), right = try plain(b)
    let target = try newPlain(y)
    let step = CountMatMulStep(
      kernel: kernel, left: left, right: right, output: target, extents: product, reading: reading,
      zeroPoints: zeroPoints, rightFlip: rightReading.flip, rightZeroPoints: rightZeroPoints,
      hasColumnZeroPoints: byteCount(rightZeroPoints) > 1, channels: channels, channelRows: rows, rescaling: rescaling)
    emit(step, left, right, rightZeroPoints, zeroPoints.buffer, channels, target)
  }
}
