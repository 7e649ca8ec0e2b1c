public import ModelGraph

extension ReferenceInterpreter {
  /// Runs the graph.
  ///
  /// - Parameter inputs: one tensor a graph input, its axes in the order of the source's signature. Symbolic extents are taken
  ///   from their shapes. A tensor of counts may leave out its quantization.
  /// - Returns: one tensor a graph output, its axes in the order of the signature.
  /// - Throws: `.usage` when the inputs do not fit the signature; what ``evaluate(_:_:outputTypes:)`` throws.
  public func run(_ inputs: [Tensor]) throws(ModelError) -> [Tensor] {
    try run(inputs) { (_, _) throws(ModelError) in }
  }

  /// Runs the graph and hands every node's outputs to `observing` as soon as they are computed, in the graph's own axis order.
  ///
  /// - Throws: as ``run(_:)``, and whatever `observing` throws.
  public func run(
    _ inputs: [Tensor], observing: (Node, [Tensor]) throws(ModelError) -> Void
  ) throws(ModelError) -> [Tensor] {
    try checkElementTypes(inputs)
    let graph = try self.graph.specialized(inputShapes: inputs.map(\.extents))
    var tensors: [ValueID: Tensor] = [:]
    for (port, tensor) in zip(graph.inputs, inputs) {
      let arranged =
        try port.permutation.map { (permutation) throws(ModelError) in
          try tensor.transposed(permutation)
        } ?? tensor
      tensors[port.value] = arranged.with(quantization: graph[port.value].type.quantization)
    }
    let lastUses = Self.lastUses(graph)
    for (position, node) in graph.nodes.enumerated() {
      let frame = node.origin.first?.frame ?? .node(name: node.name, operator: node.op.name, index: nil)
      let outputs = try within(frame) { () throws(ModelError) in
        var operands: [Tensor?] = []
        for input in node.inputs { operands.append(try input.map { (id) throws(ModelError) in try lookup(id) }) }
        return try Self.evaluate(
          node.op, operands, outputTypes: node.outputs.map { graph[$0].type }, arithmetic: graph.arithmetic)
      }
      for (id, tensor) in zip(node.outputs, outputs) { tensors[id] = tensor }
      try observing(node, outputs)
      for id in lastUses[position] { tensors[id] = nil }
    }
    func lookup(_ id: ValueID) throws(ModelError) -> Tensor {
      guard let tensor = tensors[id] ?? graph.value(id)?.constant else {
        throw ModelError(.internalFault, "the value '\(graph.value(id)?.name ?? "?")' was never computed")
      }
      return tensor
    }
    var results: [Tensor] = []
    for port in graph.outputs {
      let tensor = try lookup(port.value)
      guard let permutation = port.permutation else {
        results.append(tensor)
        continue
      }
      let inverse = permutation.indices.map { axis in permutation.firstIndex(of: axis) ?? axis }
      results.append(try tensor.transposed(inverse))
    }
    return results
  }

  private func checkElementTypes(_ inputs: [Tensor]) throws(ModelError) {
    guard inputs.count == graph.inputs.count else {
      throw ModelError(.usage, "the graph has \(graph.inputs.count) inputs, \(inputs.count) were given")
    }
    for (port, tensor) in zip(graph.inputs, inputs) {
      let expected = graph.signatureType(port)
      guard tensor.elementType == expected.elementType else {
        throw ModelError(
          .usage, "the input '\(port.name)' takes \(expected.elementType.name), not \(tensor.elementType.name)")
      }
      guard tensor.type.quantization == nil || tensor.type.quantization == expected.quantization else {
        throw ModelError(.usage, "the input '\(port.name)' takes \(expected), not \(tensor.type)")
      }
    }
  }

  /// For each node, the values that nobody needs after it.
  private static func lastUses(_ graph: Graph) -> [[ValueID]] {
    var lastUse: [ValueID: Int] = [:]
    for (position, node) in graph.nodes.enumerated() {
      for id in node.outputs + node.inputs.compactMap({ $0 }) { lastUse[id] = position }
    }
    for port in graph.outputs { lastUse[port.value] = nil }
    var result = [[ValueID]](repeating: [], count: graph.nodes.count)
    for (id, position) in lastUse { result[position].append(id) }
    return result
  }
}
