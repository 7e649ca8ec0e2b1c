extension Graph {
  /// The values that hold a node's parameters, each once.
  public func parameterValues(of node: Node) -> [Value] {
    var seen: Set<ValueID> = []
    return node.op.payload.parameterInputs.compactMap { index in
      guard let id = node.input(index), let value = value(id), let constant = value.constant, seen.insert(id).inserted
      else { return nil }
      // A number that an expression was written with is no parameter; whatever has more elements was trained.
      if case .binary = node.op, constant.elementCount <= 1 { return nil }
      return value
    }
  }

  /// The parameters of one node.
  public func parameterCount(of node: Node) -> ParameterCount { Self.count(parameterValues(of: node)) }

  /// The parameters of the graph, shared ones counted once.
  public func parameterCount() -> ParameterCount {
    var seen: Set<ValueID> = []
    return Self.count(nodes.flatMap { parameterValues(of: $0) }.filter { seen.insert($0.id).inserted })
  }

  private static func count(_ values: [Value]) -> ParameterCount {
    values.reduce(into: ParameterCount()) { count, value in
      let elements = value.constant?.elementCount ?? 0
      if value.isTrainable { count.trainable += elements } else { count.nonTrainable += elements }
    }
  }

  /// Multiply–accumulates of one node for a batch of one; nil when an extent other than the batch is open.
  public func multiplyAccumulates(of node: Node) -> Int? {
    let bindings = Dictionary(uniqueKeysWithValues: batchSymbols.map { ($0, 1) })
    func bound(_ type: TensorType) -> TensorType { type.with(shape: type.shape.bound(bindings)) }
    let inputs = operatorInputs(node)
    return node.op.payload.multiplyAccumulates(
      OperatorInputs(
        types: inputs.types.map { $0.map(bound) }, constants: inputs.constants, dimensions: inputs.dimensions),
      outputs: node.outputs.map { bound(self[$0].type) })
  }

  /// Multiply–accumulates of the graph for a batch of one; nil when one node's are not known.
  public func multiplyAccumulates() -> Int? {
    var total = 0
    for node in nodes {
      guard let count = multiplyAccumulates(of: node) else { return nil }
      let (sum, overflow) = total.addingReportingOverflow(count)
      guard !overflow else { return nil }
      total = sum
    }
    return total
  }
}
