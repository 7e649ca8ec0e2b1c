import ModelGraph

/// An operator on real numbers with the steps from and to counts around it.
struct QuantizePairs {
  /// An obstacle, in the words of `--explain`.
  struct Obstacle: Error {
    var reason: String
    init(_ reason: String) { self.reason = reason }
  }

  /// What the operator on counts reads.
  struct Fold {
    var inputs: [ValueID?]
    /// The bias at exactly the scale that the integer form gives it, where the file's is a float32 unit off.
    var bias: (position: Int, tensor: Tensor)?
  }

  /// S·M may be this many steps of the output, see ``FoldQuantizePairs``.
  private static let largestSum = 0x1p18
  /// How far a bias scale may lie from the product of two scales: four units of a float32.
  private static let scaleTolerance: Float = 0x1p-21

  private let node: Node
  private let step: Node
  private let graph: Graph
  /// For each input, the counts behind it.
  private let counts: [ValueID?]

  init(around node: Node, step: Node, in graph: Graph) {
    self.node = node
    self.step = step
    self.graph = graph
    counts = node.inputs.map { id in
      guard let id, let maker = graph.producer(of: id), case .dequantize = maker.op, let counts = maker.input(0),
        graph[counts].type.quantization != nil
      else { return nil }
      return counts
    }
  }

  /// Whether any operand was counts.
  var readsCounts: Bool { counts.contains { $0 != nil } }

  /// The dequantizations that nothing but the operator reads.
  var ownSteps: [NodeID] {
    zip(node.inputs, counts).compactMap { id, counts in
      guard counts != nil, let id, graph.soleConsumer(of: id) != nil else { return nil }
      return graph.producer(of: id)?.id
    }
  }

  /// Counts of 8 bits with one scale.
  static func isNarrow(_ type: TensorType) -> Bool {
    guard case .perTensor? = type.quantization else { return false }
    return type.elementType == .int8 || type.elementType == .uint8
  }

  private var output: TensorType { graph[step.outputs[0]].type }

  /// The operator on counts.
  ///
  /// - Throws: why there is none that means the same.
  func fold() throws(Obstacle) -> Fold {
    switch node.op {
    case .conv2D(let op): return try products(weightAxis: op.filterLayout.outputAxis)
    case .fullyConnected(let op): return try products(weightAxis: op.weightLayout == .outputInput ? 0 : 1)
    case .pool2D(let op) where op.kind == .average: return try average()
    case .globalPool(let op) where op.kind == .average: return try average()
    case .reduce(let op) where op.function == .mean: return try average()
    case .binary(let op) where op.function == .add: return Fold(inputs: try narrowOperands())
    case .concat(let op) where op.outputClamp.isUnbounded: return Fold(inputs: try narrowOperands())
    case .pool2D(let op) where op.kind == .maximum && op.outputClamp.isUnbounded: return try moved()
    case .globalPool, .reshape, .flatten, .squeeze, .unsqueeze, .transpose, .slice, .expand, .tile, .spaceToDepth,
      .depthToSpace, .identity:
      return try moved()
    case .resize2D(let op) where op.interpolation == .nearest: return try moved()
    default: throw Obstacle("\(node.op.name) is computed with real numbers on either side of the pair")
    }
  }

  /// The counts behind all operands, each of 8 bits with one scale.
  private func narrowOperands() throws(Obstacle) -> [ValueID?] {
    for index in node.inputs.indices { _ = try narrowOperand(index) }
    let elementTypes = Set(counts.compactMap { $0.map { graph[$0].type.elementType } })
    guard elementTypes.count == 1 else { throw Obstacle("its operands are counts of different types") }
    return counts
  }

  @discardableResult
  private func narrowOperand(_ index: Int) throws(Obstacle) -> TensorType {
    guard counts.indices.contains(index), let id = counts[index] else {
      throw Obstacle("its input \(index) does not come from counts")
    }
    guard Self.isNarrow(graph[id].type) else {
      throw Obstacle("its input \(index) (\(graph[id].type)) is no tensor of 8-bit counts with one scale")
    }
    return graph[id].type
  }

  /// An operator that hands elements on: the counts are the same on both sides.
  private func moved() throws(Obstacle) -> Fold {
    let type = try narrowOperand(0)
    guard type.quantization == output.quantization, type.elementType == output.elementType else {
      throw Obstacle("it only moves elements, and the scale changes")
    }
    // A target shape or indices are no counts.
    return Fold(inputs: [counts[0]] + node.inputs.dropFirst())
  }

  private func average() throws(Obstacle) -> Fold {
    let type = try narrowOperand(0)
    guard let x = type.quantization?.scales.first, let y = output.quantization?.scales.first,
      255 * Double(x / y) <= Self.largestSum
    else { throw Obstacle("an average may be more steps of the output than a float32 tells apart") }
    return Fold(inputs: counts)
  }

  // MARK: Sums of products

  private func products(weightAxis: Int?) throws(Obstacle) -> Fold {
    let x = try narrowOperand(0)
    guard counts.indices.contains(1), let id = counts[1], let weights = graph[id].constant else {
      throw Obstacle("its weights are no constant counts")
    }
    guard weights.elementType == .int8 || weights.elementType == .uint8, let quantization = weights.type.quantization
    else { throw Obstacle("its weights are counts of type \(weights.elementType.name)") }
    switch quantization {
    case .perTensor: break
    case .perAxis(let axis, _, _) where axis == weightAxis: break
    default: throw Obstacle("the scales of its weights do not go by output channel")
    }
    let (bias, scaled) = try bias(x, quantization)
    try expectBoundedSums(x, weights, quantization, bias: bias, weightAxis: weightAxis)
    return Fold(inputs: counts, bias: scaled.map { (2, $0) })
  }

  /// The bias' counts, and the tensor that takes its place where its scale is not exactly the product.
  private func bias(_ x: TensorType, _ weights: Quantization) throws(Obstacle) -> ([Int]?, Tensor?) {
    guard node.input(2) != nil else { return (nil, nil) }
    guard let id = counts[2], let tensor = graph[id].constant, tensor.elementType == .int32,
      let own = tensor.type.quantization, own.zeroPoints.allSatisfy({ $0 == 0 })
    else { throw Obstacle("its bias is no int32 constant behind a DequantizeLinear") }
    let products = weights.scales.map { (x.quantization?.scales.first ?? 0) * $0 }
    let count = max(products.count, own.scales.count)
    for channel in 0..<count {
      let product = products.count == 1 ? products[0] : channel < products.count ? products[channel] : .nan
      let scale = own.scales.count == 1 ? own.scales[0] : channel < own.scales.count ? own.scales[channel] : .nan
      guard (scale - product).magnitude <= Self.scaleTolerance * product else {
        throw Obstacle("its bias has the scale \(scale) in channel \(channel), not input × weight scale \(product)")
      }
    }
    guard let values = try? tensor.integers() else { throw Obstacle("its bias cannot be read") }
    guard own.scales != products else { return (values, nil) }
    let zeroPoints = [Int32](repeating: 0, count: products.count)
    let exact: Quantization =
      weights.axis == nil
      ? .perTensor(scale: products[0], zeroPoint: 0) : .perAxis(axis: 0, scales: products, zeroPoints: zeroPoints)
    return (values, tensor.with(quantization: exact))
  }

  /// Checks for each output channel that the sum fits 32 bits, and that float32 tells its steps of the output apart.
  private func expectBoundedSums(
    _ x: TensorType, _ weights: Tensor, _ quantization: Quantization, bias: [Int]?, weightAxis: Int?
  ) throws(Obstacle) {
    guard let range = x.elementType.countRange, let zeroPoint = x.quantization?.zeroPoints.first,
      let scale = x.quantization?.scales.first, let outputScale = output.quantization?.scales.first
    else { throw Obstacle("a scale is missing") }
    let reach = max(range.upperBound - Int(zeroPoint), Int(zeroPoint) - range.lowerBound)
    guard let values = try? weights.integers() else { throw Obstacle("its weights cannot be read") }
    // Where two axes hold the channels, one bound for all of them is bound enough.
    let axis = weightAxis ?? 0
    guard weights.extents.indices.contains(axis) else { throw Obstacle("its weights have no axis of channels") }
    let channels = weightAxis == nil ? 1 : weights.extents[axis]
    let inner = weights.extents[(axis + 1)...].reduce(1, *)
    let zeroPoints = quantization.zeroPoints
    var sums = [Int](repeating: 0, count: channels)
    for (index, value) in values.enumerated() {
      let channel = channels == 1 ? 0 : index / inner % channels
      sums[channel] += abs(value - Int(zeroPoints[zeroPoints.count == 1 ? 0 : channel])) * reach
    }
    for (channel, products) in sums.enumerated() {
      let largest = products + (bias.map { channel < $0.count ? abs($0[channel]) : 0 } ?? 0)
      guard largest <= Int(Int32.max) else { throw Obstacle("the sum of channel \(channel) may not fit 32 bits") }
      let weightScale = quantization.scales[quantization.scales.count == 1 ? 0 : channel]
      guard Double(largest) * Double(scale * weightScale / outputScale) <= Self.largestSum else {
        throw Obstacle("the sum of channel \(channel) may be more steps of the output than a float32 tells apart")
      }
    }
  }
}
