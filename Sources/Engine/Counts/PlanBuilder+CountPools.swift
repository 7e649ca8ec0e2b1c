import CKernels
import ModelGraph

extension PlanBuilder {
  mutating func lowerCounts(_ op: Pool2D, _ node: Node) throws(ModelError) {
    try expectChannelsLast(op.layout)
    let x = try input(node, 0), y = try output(node)
    let inputMap = try MapExtents(try extents(x)), outputMap = try MapExtents(try extents(y))
    let insets = op.padding.insets(
      height: inputMap.height, width: inputMap.width, kernel: op.kernel, strides: op.strides, dilation: op.dilation)
    let window = ConvolutionStep.Window(kernel: op.kernel, strides: op.strides, dilation: op.dilation)
    let source = try plain(x)
    let type = graph[y].type
    guard op.kind == .maximum, graph.arithmetic == .onnx, try needsTable(x, y, clamp: op.outputClamp) else {
      if graph.arithmetic == .liteRT, try needsTable(x, y, clamp: .unbounded) || op.countsPadding || op.dilation != .one
      {
        throw ModelError(.unsupported, "a pool from \(graph[x].type) to \(type), with dilation or counted padding")
      }
      let target = try newPlain(y)
      try emitPool(
        op.kind, from: source, graph[x].type, inputMap, to: target, type, outputMap, window, insets,
        countsPadding: op.countsPadding, clamp: op.outputClamp)
      return
    }
    // The largest count stands for the largest number: what becomes of it is looked up afterwards.
    let largest = buffer(count: try elementCount(y), width: 1)
    let target = try newPlain(y)
    try emitPool(
      .maximum, from: source, graph[x].type, inputMap, to: largest, graph[x].type, outputMap, window, insets,
      countsPadding: false, clamp: .unbounded)
    try emitTable(
      try table(.clamp(Clamp(op.outputClamp)), from: graph[x].type, to: type), .table(node.id, part: 0), from: largest,
      to: target)
  }

  /// Whether counts mean something else before and after, or are limited.
  private func needsTable(_ x: ValueID, _ y: ValueID, clamp: ClampRange) throws(ModelError) -> Bool {
    let (from, to) = (graph[x].type, graph[y].type)
    return from.elementType != to.elementType || from.quantization != to.quantization || !clamp.isUnbounded
  }

  mutating func lowerCounts(_ op: GlobalPool, _ node: Node) throws(ModelError) {
    try expectChannelsLast(op.layout)
    guard graph.arithmetic == .onnx else {
      throw ModelError(.unsupported, "a pool over the whole map has no meaning in LiteRT's integer arithmetic")
    }
    try lowerReduction(node, op.kind, axes: [1, 2])
  }

  mutating func lowerCounts(_ op: Reduce, _ node: Node) throws(ModelError) {
    switch op.function {
    case .mean: try lowerReduction(node, .average, axes: op.axes)
    case .maximum: try lowerReduction(node, .maximum, axes: op.axes)
    case .minimum, .sum, .product, .euclideanNorm, .sumOfSquares, .absoluteSum:
      throw ModelError(.unsupported, "the engine has no kernel for the reduction \(op.function.rawValue) of counts")
    }
  }

  /// Over whole axes: kept positions as the channels, reduced ones as the pixels, of one map.
  private mutating func lowerReduction(
    _ node: Node, _ kind: Pool2D.Kind, axes: [Int]
  ) throws(ModelError) {
    let x = try input(node, 0), y = try output(node)
    let extents = try extents(x)
    let (from, to) = (graph[x].type, graph[y].type)
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
    let outputMap = try map.with(height: 1, width: 1)
    let size = Size2D(height: map.height, width: map.width)
    let target = try newPlain(y)
    if kind == .average, graph.arithmetic == .liteRT {
      try emitMean(node, from: source, from, map, to: target, to, outputMap)
      return
    }
    let changes = try needsTable(x, y, clamp: .unbounded)
    guard kind == .average || !changes else {
      throw ModelError(.unsupported, "the maximum of \(from) as \(to)")
    }
    try emitPool(
      kind, from: source, from, map, to: target, to, outputMap,
      ConvolutionStep.Window(kernel: size, strides: size, dilation: .one), .zero, countsPadding: false,
      clamp: .unbounded)
  }

  /// LiteRT's mean: a depthwise sum with weights of one, the number of summands in the multiplier.
  private mutating func emitMean(
    _ node: Node, from source: BufferID, _ from: TensorType, _ map: MapExtents, to target: BufferID, _ to: TensorType,
    _ outputMap: MapExtents
  ) throws(ModelError) {
    guard from.elementType == to.elementType else { throw ModelError(.unsupported, "the mean of \(from) as \(to)") }
    let size = Size2D(height: map.height, width: map.width)
    let count = map.pixels
    let factor = try FixedPointMultiplier(from: from, to: to).divided(by: count)
    let ones = try Tensor(
      type: TensorType(.int8, Shape([map.channels, map.height, map.width, 1])), splat: .integer(1)
    ).densified()
    try emitProducts(
      CountConvolution(
        inputMap: map, outputMap: outputMap,
        window: ConvolutionStep.Window(kernel: size, strides: size, dilation: .one), insets: .zero,
        groups: map.channels, groupInputs: 1),
      reading: try CountReading(from),
      weights: CountWeights(tensor: ones, zeroPoints: [0], bias: nil, node: node, summands: count),
      rescaling: try Rescaling(fixed: [factor], output: to, clamp: .unbounded), from: source, to: target)
  }

  private mutating func emitPool(
    _ kind: Pool2D.Kind, from source: BufferID, _ from: TensorType, _ map: MapExtents, to target: BufferID,
    _ to: TensorType, _ outputMap: MapExtents, _ window: ConvolutionStep.Window, _ insets: EdgeInsets,
    countsPadding: Bool, clamp: ClampRange
  ) throws(ModelError) {
    let operation: ferry_q8_pool_operation
    var factor: Float = 1
    var range = try clamp.counts(of: to)
    switch (kind, graph.arithmetic) {
    case (.maximum, _): operation = ferry_q8_pool_maximum
    case (.average, .liteRT): operation = ferry_q8_pool_average
    case (.average, .onnx):
      operation = ferry_q8_pool_real_average
      let rescaling = try RealRescaling.average(input: from, output: to, clamp: clamp)
      (factor, range) = (rescaling.multipliers.first ?? 1, rescaling.range)
    }
    let step = CountPoolStep(
      kernel: try kernels.countPool(operation), input: source, output: target, inputMap: map, outputMap: outputMap,
      window: window, insets: insets, countsPadding: countsPadding, reading: try CountReading(from), factor: factor,
      zeroPoint: try to.zeroPoint(), range: range, lanes: lanes)
    emit(step, source, target)
  }
}
