public import ModelGraph

/// Brings every way to write a classifier to one: globalPool → fullyConnected (→ softmax).
///
/// A mean over height and width or a pool over the whole map is a global pool; a 1×1 convolution of a 1×1 map is a dense layer;
/// the Flatten, Squeeze or Reshape that drops the map's axes moves in front of what works on each channel alone, until the
/// global pool gives [N, C] itself. Works on channels-last graphs.
public struct CanonicalizeHead: RewriteRule {
  public static let name = "canonicalize-head"

  public init() {}

  public func apply(at node: Node, in graph: Graph) throws(ModelError) -> RuleOutcome {
    switch node.op {
    case .reduce(let op): globalMean(op, node, graph)
    case .pool2D(let op): wholeMapPool(op, node, graph)
    case .fullyConnected(let op): plainDense(op, node, graph)
    case .softmax(let op): plainSoftmax(op, node, graph)
    case .reshape, .flatten, .squeeze: try dropAxes(node, graph)
    default: .noMatch
    }
  }

  private func replacing(_ node: Node, by op: Op, _ graph: Graph, _ what: String) -> RuleOutcome {
    var rewrite = Rewrite(of: graph, "\(node.displayName) (\(node.op.name)) \(what)")
    rewrite.remove(node.id)
    rewrite.add(op, name: node.name, inputs: node.inputs, producing: node.outputs, origin: node.origin)
    return .rewrite(rewrite)
  }

  private func globalMean(_ op: Reduce, _ node: Node, _ graph: Graph) -> RuleOutcome {
    let kind: Pool2D.Kind
    switch op.function {
    case .mean: kind = .average
    case .maximum: kind = .maximum
    default: return .noMatch
    }
    guard op.axes == [1, 2], let type = graph.type(node, 0), type.shape.rank == 4 else { return .noMatch }
    guard type.isPlainFloat32 || averagesCountsByONNX(type, graph) else {
      return .rejected("a mean and a pool round differently off float32")
    }
    return replacing(node, by: .globalPool(GlobalPool(kind, keepsAxes: op.keepsAxes)), graph, "is a global pool")
  }

  private func wholeMapPool(_ op: Pool2D, _ node: Node, _ graph: Graph) -> RuleOutcome {
    guard op.layout == .channelsLast, let type = graph.type(node, 0), let dimensions = type.shape.dimensions,
      dimensions.count == 4, let height = dimensions[1].fixedValue, let width = dimensions[2].fixedValue,
      op.kernel == Size2D(height: height, width: width), op.dilation == .one,
      op.padding == .none || op.padding == .valid, !op.kernel.isOne
    else { return .noMatch }
    guard type.isPlainFloat32 || averagesCountsByONNX(type, graph) else {
      return .rejected("a pool over counts keeps its own rounding")
    }
    guard op.outputClamp.isUnbounded else { return .rejected("a global pool does not clamp its output") }
    return replacing(node, by: .globalPool(GlobalPool(op.kind, keepsAxes: true)), graph, "pools the whole map")
  }

  /// ONNX has one formula for every average of counts, see ``RealRescaling``; LiteRT has several.
  private func averagesCountsByONNX(_ type: TensorType, _ graph: Graph) -> Bool {
    type.quantization != nil && graph.arithmetic == .onnx
  }

  private func plainDense(_ op: FullyConnected, _ node: Node, _ graph: Graph) -> RuleOutcome {
    guard !op.keepsLeadingAxes, graph.type(node, 0)?.shape.rank == 2 else { return .noMatch }
    var plain = op
    plain.keepsLeadingAxes = true
    return replacing(node, by: .fullyConnected(plain), graph, "has one leading axis to keep")
  }

  private func plainSoftmax(_ op: Softmax, _ node: Node, _ graph: Graph) -> RuleOutcome {
    guard op.coversTrailingAxes, let rank = graph.type(node, 0)?.shape.rank, op.axis == rank - 1 else {
      return .noMatch
    }
    var plain = op
    plain.coversTrailingAxes = false
    return replacing(node, by: .softmax(plain), graph, "covers one axis")
  }

  // MARK: Dropping the axes of a 1×1 map

  private func dropAxes(_ node: Node, _ graph: Graph) throws(ModelError) -> RuleOutcome {
    guard let input = node.input(0), node.inputs.count == 1,
      let before = graph[input].type.shape.dimensions, let after = graph[node.outputs[0]].type.shape.dimensions,
      after.count == 2, before.count > 2, flattens(before, to: after)
    else { return .noMatch }
    if before.count == 4, before[1].fixedValue == 1, before[2].fixedValue == 1,
      let producer = graph.producer(of: input), graph.soleConsumer(of: input) != nil,
      let rewrite = try hoisted(over: producer, node, graph)
    {
      return .rewrite(rewrite)
    }
    if case .flatten(let op) = node.op, op.axis == 1 { return .noMatch }
    return replacing(node, by: .flatten(Flatten(axis: 1)), graph, "flattens all but the first axis")
  }

  /// Whether [N, a, b, …] becomes [N, a·b·…].
  private func flattens(_ before: [Dimension], to after: [Dimension]) -> Bool {
    guard before[0] == after[0], before[0] != .unknown else { return false }
    let features = before.dropFirst().reduce(Dimension.fixed(1)) { $0.multiplied(by: $1) }
    return features.fixedValue != nil && features == after[1]
  }

  /// `flatten(producer(x))` as `producer(flatten(x))`, or as a pool that gives two axes itself.
  private func hoisted(over producer: Node, _ node: Node, _ graph: Graph) throws(ModelError) -> Rewrite? {
    var rewrite = Rewrite(
      of: graph, "\(producer.displayName) (\(producer.op.name)) drops the axes that \(node.displayName) dropped")
    rewrite.remove(producer.id)
    rewrite.remove(node.id)
    let origin = producer.origin + node.origin
    if case .globalPool(var pool) = producer.op {
      guard pool.keepsAxes else { return nil }
      pool.keepsAxes = false
      rewrite.add(
        .globalPool(pool), name: producer.name, inputs: producer.inputs, producing: node.outputs, origin: origin)
      return rewrite
    }
    guard let (op, data) = perChannel(producer, node, graph), let source = producer.input(data) else { return nil }
    var inputs = producer.inputs
    // A flattened value has no counterpart in the file: its origin would name one of another shape.
    let flat = rewrite.add(
      .flatten(Flatten(axis: 1)), name: node.name, inputs: [source],
      outputs: [OutputSpecification(name: "\(graph[source].name)/flat")], origin: node.origin)
    inputs[data] = flat[0]
    if case .conv2D = producer.op {
      guard let filter = graph.constant(producer, 1), let id = producer.input(1) else { return nil }
      inputs[1] = rewrite.constant(
        name: graph[id].name, try filter.reshaped(to: [filter.extents[0], filter.extents[3]]),
        isTrainable: graph[id].isTrainable)
    }
    rewrite.add(op, name: producer.name, inputs: inputs, producing: node.outputs, origin: producer.origin)
    return rewrite
  }

  /// The operator on [N, C] that does to channels what the producer does to a map [N, 1, 1, C], and which input is the map.
  private func perChannel(_ producer: Node, _ node: Node, _ graph: Graph) -> (Op, Int)? {
    guard producer.outputs.count == 1 else { return nil }
    func isMap(_ id: ValueID?) -> Bool {
      guard let id, let dimensions = graph[id].type.shape.dimensions, dimensions.count == 4 else { return false }
      return dimensions[1].fixedValue == 1 && dimensions[2].fixedValue == 1
        && dimensions[0] == graph[node.outputs[0]].type.shape.dimensions?.first
        && graph[id].type.quantization == nil
    }
    switch producer.op {
    case .conv2D(let conv):
      guard let filter = graph.constant(producer, 1), filter.type.isPlainFloat32, conv.groups == 1,
        conv.layout == .channelsLast, conv.filterLayout == .outputHeightWidthInput,
        conv.kernel(filter: filter.type) == .one, conv.padding == .none || conv.padding == .valid,
        isMap(producer.input(0))
      else { return nil }
      return (.fullyConnected(FullyConnected(outputClamp: conv.outputClamp)), 0)
    case .fullyConnected(let dense):
      guard dense.keepsLeadingAxes, isMap(producer.input(0)) else { return nil }
      return (producer.op, 0)
    case .clamp, .unary, .cast:
      return isMap(producer.input(0)) ? (producer.op, 0) : nil
    case .softmax(var softmax):
      guard softmax.axis == 3 || softmax.coversTrailingAxes && softmax.axis > 0, isMap(producer.input(0)) else {
        return nil
      }
      softmax.axis = 1
      softmax.coversTrailingAxes = false
      return (.softmax(softmax), 0)
    case .binary:
      guard let data = producer.inputs.indices.first(where: { graph.constant(producer, $0) == nil }),
        let other = graph.constant(producer, 1 - data), other.extents.count <= 1, isMap(producer.input(data))
      else { return nil }
      return (producer.op, data)
    default: return nil
    }
  }
}

extension Size2D {
  var isOne: Bool { self == .one }
}
