public import ModelGraph

/// Folds batch norms, and multiplications and additions by one number a channel, into the convolution or dense layer before.
///
/// With s = γ / √(σ² + ε): filter w · s, bias β + (b − μ) · s, all in float32, whatever the format (arXiv:1502.03167 at
/// inference). A norm with no such layer before it becomes a multiplication by s and an addition of β − μ · s.
public struct FoldBatchNorm: RewriteRule {
  public static let name = "fold-batch-norm"

  public init() {}

  public func apply(at node: Node, in graph: Graph) throws(ModelError) -> RuleOutcome {
    switch node.op {
    case .batchNorm(let op): return try foldNorm(op, node, graph)
    case .binary(let op): return try foldArithmetic(op, node, graph)
    default: return .noMatch
    }
  }

  private func foldNorm(_ op: BatchNorm, _ node: Node, _ graph: Graph) throws(ModelError) -> RuleOutcome {
    guard let input = node.input(0), graph[input].type.isPlainFloat32 else {
      return .rejected("it does not work on float32")
    }
    guard let norm = try NormParameters(node, op, in: graph) else {
      return .rejected("a parameter of the norm is no float32 constant")
    }
    guard norm.scales.allSatisfy(\.isFinite) else {
      return .rejected("γ / √(σ² + ε) is not finite in \(norm.scales.filter { !$0.isFinite }.count) channels")
    }
    guard let layer = graph.producer(of: input) else { return try separate(op, norm, node, graph) }
    let linear: LinearOperator?
    do {
      linear = try LinearOperator(layer, in: graph)
    } catch {
      return try separate(op, norm, node, graph, because: "\(layer.displayName) cannot take it: \(error.reason)")
    }
    guard let linear else { return try separate(op, norm, node, graph) }
    guard graph.soleConsumer(of: input) != nil else {
      return try separate(op, norm, node, graph, because: "what \(layer.displayName) gives is read elsewhere too")
    }
    guard linear.channelAxis == op.axis, linear.channels == norm.scales.count else {
      return try separate(op, norm, node, graph, because: "it normalizes another axis than the channels")
    }
    let offsets = norm.offsets(bias: linear.bias)
    if let reason = obstacle(linear.weights, factors: norm.scales, bias: offsets) {
      return try separate(op, norm, node, graph, because: "\(layer.displayName) cannot take it: \(reason)")
    }
    return .rewrite(
      try rewrite(
        linear, layer, node, weights: try linear.weights.scaledRows(by: norm.scales), bias: offsets,
        clamp: op.outputClamp, graph, "takes over the norm"))
  }

  /// Why weights and a bias do not take factors; nil where they do.
  private func obstacle(_ weights: Tensor, factors: [Float], bias: [Float]) -> String? {
    if case .splat = weights.content { return "its weights are one number, which would have to be written out" }
    // A product that is no number any more would change what the network computes: apart, the two need not meet it.
    guard weights.staysFinite(scaledBy: factors) else { return "a weight times its factor would be beyond float32" }
    guard bias.allSatisfy(\.isFinite) else { return "its bias would not be finite" }
    return nil
  }

  /// The layer with new weights and bias, in place of itself and of `node` behind it.
  private func rewrite(
    _ linear: LinearOperator, _ layer: Node, _ node: Node, weights: Tensor?, bias: [Float], clamp: ClampRange,
    _ graph: Graph, _ what: String
  ) throws(ModelError) -> Rewrite {
    var rewrite = Rewrite(of: graph, "\(layer.displayName) (\(layer.op.name)) \(what) \(node.displayName)")
    rewrite.remove(layer.id)
    rewrite.remove(node.id)
    var inputs = [layer.input(0), layer.input(1)]
    var op = layer.op
    if let weights {
      op = linear.op
      inputs[1] = rewrite.constant(name: layer.input(1).map { graph[$0].name } ?? "\(layer.name)/weights", weights)
    }
    op.outputClamp = clamp
    let biasName = layer.input(2).map { graph[$0].name } ?? "\(layer.name)/bias"
    inputs.append(rewrite.constant(name: biasName, try Tensor(bias, shape: [bias.count])))
    rewrite.add(op, name: layer.name, inputs: inputs, producing: node.outputs, origin: layer.origin + node.origin)
    return rewrite
  }

  /// A norm on its own: y = x · s + (β − μ · s).
  private func separate(
    _ op: BatchNorm, _ norm: NormParameters, _ node: Node, _ graph: Graph, because reason: String? = nil
  ) throws(ModelError) -> RuleOutcome {
    guard let input = node.input(0), let rank = graph[input].type.shape.rank, rank > op.axis else {
      return .rejected(reason ?? "the shape of its input is not known")
    }
    let offsets = norm.offsets(bias: nil)
    guard offsets.allSatisfy(\.isFinite) else {
      return .rejected("β − μ · s is not finite in \(offsets.filter { !$0.isFinite }.count) channels")
    }
    // Broadcast aligns from the last axis: the channels need an extent of one for each axis behind them.
    let shape = [norm.scales.count] + [Int](repeating: 1, count: rank - 1 - op.axis)
    var rewrite = Rewrite(
      of: graph,
      "the norm \(node.displayName) is a multiplication and an addition" + (reason.map { ": \($0)" } ?? ""))
    rewrite.remove(node.id)
    let scale = rewrite.constant(name: "\(node.name)/scale", try Tensor(norm.scales, shape: shape))
    let offset = rewrite.constant(
      name: "\(node.name)/offset", try Tensor(offsets, shape: shape))
    let product = rewrite.add(
      .binary(Binary(.multiply)), name: "\(node.name)/scaled", inputs: [input, scale],
      outputs: [OutputSpecification(name: "\(node.name)/scaled", statedType: graph[input].type)], origin: node.origin)
    rewrite.add(
      .binary(Binary(.add, outputClamp: op.outputClamp)), name: node.name, inputs: [product[0], offset],
      producing: node.outputs, origin: node.origin)
    return .rewrite(rewrite)
  }

  /// A multiplication, division, addition or subtraction by constants behind a linear layer.
  private func foldArithmetic(_ op: Binary, _ node: Node, _ graph: Graph) throws(ModelError) -> RuleOutcome {
    guard [.add, .subtract, .multiply, .divide].contains(op.function), node.inputs.count == 2,
      let position = [1, 0].first(where: { graph.constant(node, $0) != nil }),
      let constant = graph.constant(node, position),
      let input = node.input(1 - position), graph[input].constant == nil, let layer = graph.producer(of: input)
    else { return .noMatch }
    let linear: LinearOperator?
    do { linear = try LinearOperator(layer, in: graph) } catch {
      return .rejected("\(layer.displayName) cannot take it: \(error.reason)")
    }
    guard let linear else { return .noMatch }
    if position == 0, op.function == .subtract || op.function == .divide {
      return .rejected("the constant is not the second operand")
    }
    guard graph.soleConsumer(of: input) != nil else {
      return .rejected("what \(layer.displayName) gives is read elsewhere too")
    }
    guard constant.type.isPlainFloat32, let rank = graph[input].type.shape.rank,
      graph[node.outputs[0]].type.shape.rank == rank,
      let numbers = try perChannel(constant, channels: linear.channels, axis: linear.channelAxis, rank: rank)
    else { return .rejected("the constant is not one number a channel") }
    let bias = linear.bias ?? [Float](repeating: 0, count: linear.channels)
    let name = op.function.rawValue
    switch op.function {
    case .add, .subtract:
      let sum = zip(bias, numbers).map { op.function == .add ? $0 + $1 : $0 - $1 }
      guard sum.allSatisfy(\.isFinite) else { return .rejected("the bias of \(layer.displayName) would not be finite") }
      return .rewrite(
        try rewrite(
          linear, layer, node, weights: nil, bias: sum, clamp: op.outputClamp, graph, "takes over the \(name)"))
    default:
      let factors = op.function == .multiply ? numbers : numbers.map { 1 / $0 }
      guard factors.allSatisfy(\.isFinite) else { return .rejected("it divides by zero") }
      let scaled = zip(bias, factors).map { $0 * $1 }
      if let reason = obstacle(linear.weights, factors: factors, bias: scaled) {
        return .rejected("\(layer.displayName) cannot take it: \(reason)")
      }
      return .rewrite(
        try rewrite(
          linear, layer, node, weights: try linear.weights.scaledRows(by: factors), bias: scaled,
          clamp: op.outputClamp, graph, "takes over the \(name)"))
    }
  }

  /// One number for each channel; nil for a constant that varies along another axis.
  private func perChannel(_ constant: Tensor, channels: Int, axis: Int, rank: Int) throws(ModelError) -> [Float]? {
    guard constant.extents.count <= rank else { return nil }
    if constant.elementCount == 1 {
      let number = try constant.floats()[0]
      return [Float](repeating: number, count: channels)
    }
    let extents = [Int](repeating: 1, count: rank - constant.extents.count) + constant.extents
    guard extents.enumerated().allSatisfy({ $0.offset == axis ? $0.element == channels : $0.element == 1 }) else {
      return nil
    }
    return try constant.floats()
  }
}
