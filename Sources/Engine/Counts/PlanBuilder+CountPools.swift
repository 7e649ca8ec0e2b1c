import CKernels
import ModelGraph

/// Pools and reductions of counts of 8 bits, and of 16 under LiteRT's arithmetic.
extension PlanBuilder {
  mutating func lowerCounts(_ op: Pool2D, _ node: Node) throws(ModelError) {
    try expectChannelsLast(op.layout)
    let x = try input(node, 0), y = try output(node)
    let pool = CountPool(
      op, inputMap: try MapExtents(try extents(x)), outputMap: try MapExtents(try extents(y)))
    let source = try plain(x)
    if op.kind == .maximum, graph.arithmetic == .onnx {
      try emitExtremum(node, pool, from: source, clamp: op.outputClamp)
      return
    }
    let (from, to) = (graph[x].type, graph[y].type)
    if graph.arithmetic == .liteRT {
      guard from.with(shape: to.shape) == to, !op.countsPadding, op.dilation == .one else {
        throw ModelError(.unsupported, "a pool from \(from) to \(to), with dilation or counted padding")
      }
    }
    try emitPool(pool, from: source, from, to: try newPlain(y), to, clamp: op.outputClamp)
  }

  mutating func lowerCounts(_ op: GlobalPool, _ node: Node) throws(ModelError) {
    try expectChannelsLast(op.layout)
    guard graph.arithmetic == .onnx else {
      throw ModelError(.unsupported, "a pool over the whole map has no meaning in LiteRT's integer arithmetic")
    }
    try lowerReduction(node, op.kind == .average ? .average : .maximum, axes: [1, 2])
  }

  mutating func lowerCounts(_ op: Reduce, _ node: Node) throws(ModelError) {
    switch op.function {
    case .mean: try lowerReduction(node, .average, axes: op.axes)
    case .maximum: try lowerReduction(node, .maximum, axes: op.axes)
    case .minimum: try lowerReduction(node, .minimum, axes: op.axes)
    case .sum, .product, .euclideanNorm, .sumOfSquares, .absoluteSum:
      throw ModelError(.unsupported, "the engine has no kernel for the reduction \(op.function.rawValue) of counts")
    }
  }

  /// Over whole axes: kept positions as the channels, reduced ones as the pixels, of one map.
  private mutating func lowerReduction(_ node: Node, _ kind: CountPool.Kind, axes: [Int]) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    let extents = try extents(x)
    var map = try MapExtents(batch: 1, height: 1, width: 1, channels: 1)
    var source = try plain(x)
    if axes == [1, 2], extents.count == 4 {
      map = try MapExtents(extents)
    } else {
      let kept = extents.indices.filter { !axes.contains($0) }
      let order = axes + kept, strides = rowMajorStrides(extents)
      map = try MapExtents(
        batch: 1, height: 1, width: axes.reduce(1) { $0 * extents[$1] },
        channels: kept.reduce(1) { $0 * extents[$1] })
      let moved = buffer(count: try elementCount(x), width: width(source))
      copy(
        source, strides: order.map { strides[$0] }, to: moved, strides: rowMajorStrides(order.map { extents[$0] }),
        extents: order.map { extents[$0] })
      source = moved
    }
    let pool = try CountPool(kind, whole: map)
    let (from, to) = (graph[x].type, graph[y].type)
    switch (kind, graph.arithmetic) {
    case (.average, .liteRT): try emitMean(node, pool, from: source)
    case (.average, .onnx): try emitPool(pool, from: source, from, to: try newPlain(y), to, clamp: .unbounded)
    case (.maximum, .onnx), (.minimum, .onnx): try emitExtremum(node, pool, from: source, clamp: .unbounded)
    case (.maximum, .liteRT), (.minimum, .liteRT):
      guard from.with(shape: to.shape) == to else {
        throw ModelError(.unsupported, "an extremum of \(from) as \(to)")
      }
      try emitPool(pool, from: source, from, to: try newPlain(y), to, clamp: .unbounded)
    }
  }

  /// ONNX's extremum: the largest count stands for the largest number; what becomes of that is looked up.
  private mutating func emitExtremum(
    _ node: Node, _ pool: CountPool, from source: BufferID, clamp: ClampRange
  ) throws(ModelError) {
    let y = try output(node)
    let (from, to) = (graph[try input(node, 0)].type, graph[y].type)
    let entries = try table(.clamp(Clamp(clamp)), from: from, to: to)
    // Counts that stay themselves need no looking up.
    let images = try entries.elements(as: UInt8.self)
    let stays = from.elementType == to.elementType && images == Array(0...255)
    let found = stays ? try newPlain(y) : buffer(count: try elementCount(y), width: 1)
    try emitPool(pool, from: source, from, to: found, from, clamp: .unbounded)
    if !stays { try emitTable(entries, .table(node.id, part: 0), from: found, to: try newPlain(y)) }
  }

  /// LiteRT's mean: a depthwise sum with weights of one, the number of summands in the multiplier.
  private mutating func emitMean(_ node: Node, _ pool: CountPool, from source: BufferID) throws(ModelError) {
    let y = try output(node)
    let (from, to) = (graph[try input(node, 0)].type, graph[y].type)
    guard from.elementType == to.elementType else { throw ModelError(.unsupported, "the mean of \(from) as \(to)") }
    let map = pool.inputMap
    let factor = try FixedPointMultiplier(from: from, to: to).divided(by: map.pixels)
    let ones = try Tensor(
      type: TensorType(
        .int8, Shape([map.channels, map.height, map.width, 1]), quantization: .perTensor(scale: 1, zeroPoint: 0)),
      splat: .integer(1)
    ).densified()
    let rescaling = try Rescaling(
      fixed: [FixedPointMultiplier](repeating: factor, count: map.channels), output: to, clamp: .unbounded)
    if from.elementType == .int16 {
      try expectNoZeroPoints([from, to])
      // A bias of 32 bits says that sums have as many.
      let none = try Tensor(type: TensorType(.int32, Shape([map.channels])), splat: .integer(0)).densified()
      try emitWide(
        node, pool.sums, weights: ones, bias: none, rescaling, from: source, to: try newPlain(y),
        summands: map.pixels)
      return
    }
    try emitProducts(
      pool.sums, reading: try CountReading(from),
      weights: CountWeights(tensor: ones, zeroPoints: [0], bias: nil, node: node, summands: map.pixels),
      rescaling: rescaling, from: source, to: try newPlain(y))
  }

  private mutating func emitPool(
    _ pool: CountPool, from source: BufferID, _ from: TensorType, to target: BufferID, _ to: TensorType,
    clamp: ClampRange
  ) throws(ModelError) {
    let isWide = from.elementType == .int16
    var factor: Float = 1
    var range = try clamp.counts(of: to)
    let operation: ferry_q8_pool_operation
    switch (pool.kind, graph.arithmetic) {
    case (.maximum, _): operation = isWide ? ferry_q8_pool_wide_maximum : ferry_q8_pool_maximum
    case (.minimum, _): operation = isWide ? ferry_q8_pool_wide_minimum : ferry_q8_pool_minimum
    case (.average, .liteRT): operation = isWide ? ferry_q8_pool_wide_average : ferry_q8_pool_average
    case (.average, .onnx):
      operation = ferry_q8_pool_real_average
      let rescaling = try RealRescaling.average(input: from, output: to, clamp: clamp)
      (factor, range) = (rescaling.multipliers.first ?? 1, rescaling.range)
    }
    // Sums have 32 bits.
    let window = pool.window.kernel
    guard pool.kind != .average || window.height * window.width < (isWide ? 1 << 15 : 1 << 23) else {
      throw ModelError(.unsupported, "an average of \(window.height) × \(window.width) counts")
    }
    let step = CountPoolStep(
      kernel: try kernels.countPool(operation), input: source, output: target, pool: pool,
      reading: isWide ? .plain : try CountReading(from), width: isWide ? 2 : 1, factor: factor,
      zeroPoint: try to.zeroPoint(), range: range, lanes: lanes)
    emit(step, source, target)
  }
}
