public import ModelGraph

/// Lets the operator before a clamp limit its own output.
///
/// `conv → clamp` becomes a convolution with an `outputClamp`, likewise behind additions, dense layers, pools and norms; two
/// clamps in a row become one; a maximum or minimum with one number is a clamp.
public struct FuseClamp: RewriteRule {
  public static let name = "fuse-clamp"

  public init() {}

  public func apply(at node: Node, in graph: Graph) throws(ModelError) -> RuleOutcome {
    if case .binary(let op) = node.op { return try asClamp(op, node, graph) }
    guard case .clamp(let clamp) = node.op, let input = node.input(0), let producer = graph.producer(of: input) else {
      return .noMatch
    }
    let range: ClampRange?
    if case .clamp(let first) = producer.op {
      range = first.range.followed(by: clamp.range)
    } else if let first = producer.op.outputClamp {
      range = first.followed(by: clamp.range)
    } else {
      return .noMatch
    }
    guard graph.soleConsumer(of: input) != nil, producer.outputs.count == 1 else {
      return .rejected("the value before the clamp is read elsewhere too")
    }
    if let reason = obstacle(producer, graph[input].type, graph[node.outputs[0]].type, graph.arithmetic) {
      return .rejected(reason)
    }
    guard let range else { return .rejected("no single range says what two clamps that do not meet do") }
    var op = producer.op
    if case .clamp = op { op = .clamp(Clamp(range)) } else { op.outputClamp = range }
    var rewrite = Rewrite(
      of: graph, "\(producer.displayName) (\(producer.op.name)) takes over the clamp \(node.displayName): \(range)")
    rewrite.remove(producer.id)
    rewrite.remove(node.id)
    rewrite.add(
      op, name: producer.name, inputs: producer.inputs, producing: node.outputs,
      origin: producer.origin + node.origin)
    return .rewrite(rewrite)
  }

  /// Why a clamp of counts has to stay; nil where the operator before it limits its counts to the same range.
  ///
  /// In LiteRT's arithmetic a clamp whose input and output mean the same by their counts rescales by one, which is exact, and a
  /// bound becomes the same count in both places.
  private func obstacle(
    _ producer: Node, _ before: TensorType, _ after: TensorType, _ arithmetic: QuantizedArithmetic
  ) -> String? {
    guard before.quantization != nil || after.quantization != nil else { return nil }
    guard before.quantization == after.quantization, before.elementType == after.elementType else {
      return "the clamp changes the quantization"
    }
    guard arithmetic == .liteRT else { return "the clamp works on counts" }
    if case .concat = producer.op { return "a concatenation of counts does not clamp" }
    return nil
  }

  /// `maximum(x, number)` and `minimum(x, number)`.
  private func asClamp(_ op: Binary, _ node: Node, _ graph: Graph) throws(ModelError) -> RuleOutcome {
    guard op.function == .maximum || op.function == .minimum else { return .noMatch }
    guard let bound = [0, 1].first(where: { graph.constant(node, $0)?.elementCount == 1 }),
      let constant = graph.constant(node, bound), let input = node.input(1 - bound),
      graph[input].constant == nil, constant.elementType == .float32,
      graph[input].type.isCompatible(with: graph[node.outputs[0]].type),
      graph[input].type.shape.rank ?? 0 >= constant.extents.count, let number = try constant.floats().first,
      !number.isNaN
    else { return .noMatch }
    let first = op.function == .maximum ? ClampRange(lower: number) : ClampRange(upper: number)
    guard let range = first.followed(by: op.outputClamp) else {
      return .rejected("no single range says what two clamps that do not meet do")
    }
    var rewrite = Rewrite(
      of: graph, "\(node.displayName) (\(op.function.rawValue) with \(number)) is a clamp: \(range)")
    rewrite.remove(node.id)
    rewrite.add(.clamp(Clamp(range)), name: node.name, inputs: [input], producing: node.outputs, origin: node.origin)
    return .rewrite(rewrite)
  }
}
