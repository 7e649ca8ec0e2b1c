import ModelGraph

extension PlanBuilder {
  /// Adds the steps of one node.
  ///
  /// - Throws: `.unsupported` when the engine has no kernel for what the node asks.
  mutating func lower(_ node: Node) throws(ModelError) {
    if Self.movesElements(node.op) {
      try expectUnchangedElements(node)
    } else if !isReal(node) {
      try lowerCounts(node)
      return
    }
    switch node.op {
    case .conv2D(let op): try lower(op, node)
    case .fullyConnected(let op): try lower(op, node)
    case .matMul(let op): try lower(op, node)
    case .batchNorm(let op): try lower(op, node)
    case .clamp(let op): try lowerUnary(node, .clamp(op.range))
    case .unary(let op): try lowerUnary(node, try Self.activation(op.function))
    case .binary(let op): try lower(op, node)
    case .prelu: try lowerBinary(node, .prelu, bounds: Bounds())
    case .pool2D(let op): try lower(op, node)
    case .globalPool(let op): try lower(op, node)
    case .reduce(let op): try lower(op, node)
    case .softmax(let op): try lower(op, node)
    case .pad(let op): try lower(op, node)
    case .reshape, .flatten, .squeeze, .unsqueeze, .identity: try lowerView(node)
    case .transpose(let op): try lower(op, node)
    case .concat(let op): try lower(op, node)
    case .split(let op): try lower(op, node)
    case .slice(let op): try lower(op, node)
    case .resize2D(let op): try lower(op, node)
    case .spaceToDepth(let op): try lower(op, node)
    case .depthToSpace(let op): try lower(op, node)
    case .tile(let op): try lower(op, node)
    case .expand: try lowerExpand(node)
    case .opaque, .convTranspose2D, .layerNorm, .gather, .cast, .quantize, .dequantize, .reinterpret, .dynamicQuantize,
      .integerConv2D, .integerMatMul, .shapeOf, .constantOfShape, .argExtremum, .select:
      // Of these, those that have kernels compute with counts.
      throw ModelError(
        .unsupported, Self.missingKernel(node.op) ?? "the engine has no kernel for \(node.op.name) of real numbers")
    }
  }

  /// Whether an operator moves elements from one place to another whatever they are.
  private static func movesElements(_ op: Op) -> Bool {
    switch op {
    case .reshape, .flatten, .squeeze, .unsqueeze, .identity, .transpose, .split, .slice, .spaceToDepth, .depthToSpace,
      .tile, .expand, .pad:
      true
    default: false
    }
  }

  /// Whether all that a node computes with are real numbers held as float32.
  func isReal(_ node: Node) -> Bool {
    (node.inputs.compactMap { $0 } + node.outputs).allSatisfy {
      let value = graph[$0]
      return value.type.quantization == nil && (value.type.elementType == .float32 || value.constant != nil)
    }
  }

  /// Refuses to move counts to where they would stand for other numbers.
  private func expectUnchangedElements(_ node: Node) throws(ModelError) {
    let from = graph[try input(node, 0)].type
    for id in node.outputs {
      let to = graph[id].type
      guard from.elementType.isFloatingPoint == to.elementType.isFloatingPoint,
        from.elementType.isFloatingPoint || from.elementType == to.elementType, from.quantization == to.quantization
      else { throw ModelError(.unsupported, "\(node.op.name) from \(from) to \(to)") }
    }
  }

  /// Why an operator cannot run whatever its operands are; nil when it may.
  static func missingKernel(_ op: Op) -> String? {
    switch op {
    case .opaque(let op): "the operator \(op.operatorName) of \(op.domain) is not known: \(op.reason)"
    case .convTranspose2D, .layerNorm, .gather, .shapeOf, .constantOfShape, .select:
      "the engine has no kernel for \(op.name)"
    default: nil
    }
  }

  /// Input `index` of a node.
  func input(_ node: Node, _ index: Int) throws(ModelError) -> ValueID {
    guard let id = node.input(index) else { throw ModelError(.internalFault, "input \(index) is missing") }
    return id
  }

  /// The only output of a node.
  func output(_ node: Node) throws(ModelError) -> ValueID {
    guard let id = node.outputs.first else { throw ModelError(.internalFault, "the node has no output") }
    return id
  }

  /// The content of an input that must be constant.
  ///
  /// - Throws: `.unsupported` when it is computed.
  func constantTensor(_ node: Node, _ index: Int, _ role: String) throws(ModelError) -> Tensor {
    guard let tensor = graph.constant(node, index) else {
      throw ModelError(.unsupported, "\(role) that is computed while running")
    }
    // Weights of 4 bits are counts like any others once they lie in bytes.
    guard tensor.elementType == .int4 else { return tensor }
    return try Tensor(
      try tensor.integers().map { Int8(truncatingIfNeeded: $0) },
      type: TensorType(.int8, tensor.type.shape, quantization: tensor.type.quantization))
  }

  /// The content of an optional input that must be constant where it is present.
  func optionalConstant(_ node: Node, _ index: Int, _ role: String) throws(ModelError) -> Tensor? {
    node.input(index) == nil ? nil : try constantTensor(node, index, role)
  }

  func expectChannelsLast(_ layout: Layout) throws(ModelError) {
    guard layout == .channelsLast else {
      throw ModelError(.unsupported, "the channels-first layout", hint: "canonicalize the graph's layout first")
    }
  }
}
