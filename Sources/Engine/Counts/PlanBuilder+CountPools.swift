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
    if op.kind == .maximum, graph.arithmetic == .onnx {
      try emitMaximum(node, from: try plain(x), inputMap, outputMap, window, insets, clamp: op.outputClamp)
      return
    }
    let (from, to) = (graph[x].type, graph[y].type)
    if graph.arithmetic == .liteRT {
      guard from.with(shape: to.shape) == to, !op.countsPadding, op.dilation == .one else {
        throw ModelError(.unsupported, "a pool from \(from) to \(to), with dilation or counted padding")
      }
    }
    let source = try plain(x), target = try newPlain(y)
    try emitPool(
      op.kind, from: source, from, inputMap, to: target, to, outputMap, window, insets,
      countsPadding: op.countsPadding, clamp: op.outputClamp)
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
    if kind == .average, graph.arithmetic == .liteRT {
      try emitMean(node, from: source, from, map, to: try newPlain(y), to, outputMap)
      return
    }
    let window = ConvolutionStep.Window(kernel: size, strides: size, dilation: .one)
    guard kind == .average else {
      guard graph.arithmetic == .onnx else {
        throw ModelError(.unsupported, "a maximum over axes has no meaning in LiteRT's integer arithmetic")
      }
      try emitMaximum(node, from: source, map, outputMap, window, .zero, clamp: .unbounded)
      return
    }
    try emitPool(
      kind, from: source, from, map, to: try newPlain(y), to, outputMap, window, .zero, countsPadding: false,
      clamp: .unbounded)
  }

  /// ONNX's maximum: the largest count stands for the largest number; what becomes of that is looked up.
  private mutating func emitMaximum(
    _ node: Node, from source: BufferID, _ map: MapExtents, _ outputMap: MapExtents, _ window: ConvolutionStep.Window,
    _ insets: EdgeInsets, clamp: ClampRange
  ) throws(ModelError) {
    let y = try output(node)
    let (from, to) = (graph[try input(node, 0)].type, graph[y].type)
    let entries = try table(.clamp(Clamp(clamp)), from: from, to: to)
    // Counts that stay themselves need no looking up.
    let images = try entries.elements(as: UInt8.self)
    let stays = from.elementType == to.elementType && images == Array(0...255)
    let largest = stays ? try newPlain(y) : buffer(count: try elementCount(y), width: 1)
    try emitPool(
      .maximum, from: source, from, map, to: largest, from, outputMap, window, insets, countsPadding: false,
      clamp: .unbounded)
    if !stays { try emitTable(entries, .table(node.id, part: 0), from: largest, to: try newPlain(y)) }
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
