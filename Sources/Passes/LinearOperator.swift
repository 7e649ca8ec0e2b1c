import ModelGraph

/// A convolution or dense layer whose weights are constant: what a per-channel scale and offset can be folded into.
struct LinearOperator {
  var op: Op
  /// The weights [O, …] with the output channel first: [O, kh, kw, I/groups] or [O, I].
  var weights: Tensor
  /// [O]; nil: none.
  var bias: [Float]?
  /// The channel axis of the output.
  var channelAxis: Int

  var channels: Int { weights.extents.first ?? 0 }

  /// The linear operator of a node.
  ///
  /// - Throws: a reason why the node, though linear, is not one to fold into.
  init?(_ node: Node, in graph: Graph) throws(Obstacle) {
    let layout: FilterLayout
    let groups: Int
    switch node.op {
    case .conv2D(var conv):
      (layout, groups, channelAxis) = (conv.filterLayout, conv.groups, conv.layout.channelAxis)
      conv.filterLayout = .outputHeightWidthInput
      op = .conv2D(conv)
    case .convTranspose2D(var conv):
      (layout, groups, channelAxis) = (conv.filterLayout, conv.groups, conv.layout.channelAxis)
      guard groups == 1 else { throw Obstacle("it is a transposed convolution in groups") }
      conv.filterLayout = .outputHeightWidthInput
      op = .convTranspose2D(conv)
    case .fullyConnected(var dense):
      guard let rank = graph[node.outputs[0]].type.shape.rank, rank > 0 else { return nil }
      (layout, groups, channelAxis) = (.outputHeightWidthInput, 1, rank - 1)
      op = .fullyConnected(dense)
      guard let stored = graph.constant(node, 1) else { throw Obstacle("its weights are not constant") }
      let isTransposed = dense.weightLayout == .inputOutput
      dense.weightLayout = .outputInput
      op = .fullyConnected(dense)
      weights = try Obstacle.catching { () throws(ModelError) in
        isTransposed ? try stored.transposed([1, 0]) : stored
      }
      bias = try Self.bias(node, graph)
      try checkTypes(node, graph)
      return
    default: return nil
    }
    guard let stored = graph.constant(node, 1) else { throw Obstacle("its filter is not constant") }
    weights = try Obstacle.catching { () throws(ModelError) in try layout.canonical(stored, groups: groups) }
    bias = try Self.bias(node, graph)
    try checkTypes(node, graph)
  }

  private static func bias(_ node: Node, _ graph: Graph) throws(Obstacle) -> [Float]? {
    guard let id = node.input(2) else { return nil }
    guard let constant = graph[id].constant, constant.type.isPlainFloat32 else {
      throw Obstacle("its bias is no float32 constant")
    }
    return try Obstacle.catching { () throws(ModelError) in try constant.floats() }
  }

  private func checkTypes(_ node: Node, _ graph: Graph) throws(Obstacle) {
    guard weights.type.isPlainFloat32, graph.type(node, 0)?.isPlainFloat32 ?? false,
      graph[node.outputs[0]].type.isPlainFloat32
    else { throw Obstacle("it does not compute in float32") }
    guard op.outputClamp?.isUnbounded ?? true else { throw Obstacle("its output is clamped first") }
  }

  /// Why something is not folded.
  struct Obstacle: Error {
    var reason: String
    init(_ reason: String) { self.reason = reason }

    /// Makes an unsupported layout an obstacle like others.
    static func catching<Result>(_ body: () throws(ModelError) -> Result) throws(Obstacle) -> Result {
      do { return try body() } catch { throw Obstacle(error.message) }
    }
  }
}

extension TensorType {
  var isPlainFloat32: Bool { elementType == .float32 && quantization == nil }
}
