extension Graph {
  /// The graph after a rewrite.
  ///
  /// Types of new nodes are inferred again; constants that nobody reads any more go with their readers.
  ///
  /// - Throws: `.internalFault` when the rewrite changes the type of a value that survives, leaves a used value undefined,
  ///   makes a value twice, closes a cycle, reads a value of an incompatible type instead of another, or gives a node another
  ///   number of outputs than its operator has; what the operator of a new node says of inputs that do not fit it.
  public func apply(_ rewrite: Rewrite) throws(ModelError) -> Graph { try apply([rewrite]) }

  /// The graph after several rewrites of it, of which none touches a node that another one removes
  /// (``Rewrite/touchedNodes(in:)``).
  ///
  /// Names are unique by the way it is made. Of types, those of new values are inferred; a replacement's is compatible with that of
  /// the value it stands for, and no more, and the readers' are not inferred again: an open extent may have become a fixed one.
  /// ``validate()`` infers all of them, once where the passes end.
  ///
  /// - Throws: as ``apply(_:)-(Rewrite)``.
  public func apply(_ rewrites: [Rewrite]) throws(ModelError) -> Graph {
    let batch = Rewrite.numberedApart(rewrites, from: valueTable.count)
    let removed = batch.reduce(into: Set<NodeID>()) { $0.formUnion($1.removed) }
    let replacements = batch.reduce(into: [ValueID: ValueID]()) { $0.merge($1.replacements) { first, _ in first } }
    var values = valueTable
    // With room for what comes, so that it is not copied again.
    values.reserveCapacity(values.count + batch.reduce(0) { $0 + $1.newValueCount })
    var valueNames = UniqueNames(taken: survivingNames(batch, removed: removed))
    var nodeNames = UniqueNames(taken: nodes.filter { !removed.contains($0.id) }.map(\.name))
    func grow(to id: ValueID) {
      while values.count <= id.rawValue { values.append(nil) }
    }
    for constant in batch.flatMap(\.newConstants) {
      grow(to: constant.id)
      values[constant.id.rawValue] = Value(
        id: constant.id, name: valueNames.unique(constant.name), type: constant.tensor.type,
        constant: constant.tensor, origin: constant.origin, isTrainable: constant.isTrainable,
        knownDimensions: Op.knownDimensions(constant.tensor))
    }
    var nextID = nextNodeID
    // New nodes take the place of the last node that goes; the sort below moves them only where order demands it.
    var added: [Int: [Node]] = [:]
    for rewrite in batch {
      let place = rewrite.removed.compactMap(position(of:)).max() ?? nodes.count
      for new in rewrite.newNodes {
        let node = Node(
          id: NodeID(rawValue: nextID), name: nodeNames.unique(new.name), op: new.op, inputs: new.inputs,
          outputs: new.outputs, origin: new.origin)
        nextID += 1
        let operands = OperatorInputs(of: values, new.inputs)
        let types = try within(.node(name: new.name, operator: new.op.name, index: nil)) { () throws(ModelError) in
          try new.op.payload.outputTypes(operands)
        }
        guard types.count == new.outputs.count else {
          throw ModelError(.internalFault, "a rewrite gives '\(new.name)' \(new.outputs.count) outputs")
        }
        for (output, inferred) in zip(new.outputs, types) {
          if let specification = new.newOutputs[output] {
            grow(to: output)
            values[output.rawValue] = Value(
              id: output, name: valueNames.unique(specification.name), type: try specification.completed(inferred),
              constant: nil, origin: specification.origin, isTrainable: true,
              knownDimensions: new.op.knownDimensions(operands, outputTypes: types))
          } else {
            try expectSurvivor(output, fits: inferred, origin: new.origin)
          }
        }
        added[place, default: []].append(node)
      }
    }
    func resolved(_ id: ValueID) -> ValueID { replacements[id] ?? id }
    for (old, new) in replacements {
      let newType = values.indices.contains(new.rawValue) ? values[new.rawValue]?.type : nil
      guard let oldType = value(old)?.type, let newType, oldType.isCompatible(with: newType) else {
        throw ModelError(
          .internalFault, "a rewrite reads \(newType.map(\.description) ?? "nothing") for '\(value(old)?.name ?? "?")'")
      }
    }
    var ordered: [Node] = []
    for (position, node) in nodes.enumerated() {
      ordered += added[position] ?? []
      if !removed.contains(node.id) { ordered.append(node) }
    }
    ordered += added[nodes.count] ?? []
    for index in ordered.indices { ordered[index].inputs = ordered[index].inputs.map { $0.map(resolved) } }
    let ports = outputs.map { port in
      var port = port
      port.value = resolved(port.value)
      return port
    }
    return try Graph.assembled(
      name: name, arithmetic: arithmetic, inputs: inputs, outputs: ports, nodes: ordered, values: values,
      nextNodeID: nextID)
  }

  /// Names that new values must leave alone: those of values that the rewrites do not take away.
  private func survivingNames(_ batch: [Rewrite], removed: Set<NodeID>) -> [String] {
    var surviving = ValueSet(inputs.map(\.value) + outputs.map(\.value))
    for node in nodes where !removed.contains(node.id) {
      surviving.insert(contentsOf: node.outputs)
      surviving.insert(contentsOf: node.inputs.lazy.compactMap { $0 })
    }
    for rewrite in batch {
      for node in rewrite.newNodes {
        surviving.insert(contentsOf: node.outputs)
        surviving.insert(contentsOf: node.inputs.lazy.compactMap { $0 })
      }
    }
    return valueTable.compactMap { value in value.flatMap { surviving.contains($0.id) ? $0.name : nil } }
  }

  /// Checks that a new node gives what a value of this graph was.
  private func expectSurvivor(
    _ id: ValueID, fits inferred: TensorType, origin: [SourceNode]
  ) throws(ModelError) {
    guard let old = value(id) else {
      throw ModelError(.internalFault, "a rewrite makes a value that the graph does not know")
    }
    guard old.type.elementType == inferred.elementType || old.type.quantization != nil,
      old.type.shape.isCompatible(with: inferred.shape)
    else {
      throw ModelError(
        .internalFault, "a rewrite changes '\(old.name)' from \(old.type) to \(inferred)",
        context: origin.first.map { [$0.frame] } ?? [])
    }
  }

  /// Sorts, drops values that nobody makes or reads any more, and checks that the others are made.
  static func assembled(
    name: String, arithmetic: QuantizedArithmetic, inputs: [GraphPort], outputs: [GraphPort], nodes: [Node],
    values: [Value?], nextNodeID: Int
  ) throws(ModelError) -> Graph {
    let sorted = try topologicallySorted(nodes, valueCount: values.count)
    var needed = ValueSet(inputs.map(\.value) + outputs.map(\.value))
    for node in sorted {
      needed.insert(contentsOf: node.outputs)
      needed.insert(contentsOf: node.inputs.lazy.compactMap { $0 })
    }
    var table = values
    for index in table.indices where !needed.contains(ValueID(rawValue: index)) { table[index] = nil }
    let graph = Graph(
      name: name, arithmetic: arithmetic, inputs: inputs, outputs: outputs, nodes: sorted, valueTable: table,
      nextNodeID: nextNodeID)
    try graph.validateDefinitions()
    return graph
  }

  /// The nodes with every producer before its consumers, otherwise in the order given.
  private static func topologicallySorted(_ nodes: [Node], valueCount: Int) throws(ModelError) -> [Node] {
    // The node that makes each value.
    var producers = [Int?](repeating: nil, count: valueCount)
    for (index, node) in nodes.enumerated() {
      for output in node.outputs {
        guard producers.indices.contains(output.rawValue), producers[output.rawValue] == nil else {
          throw ModelError(.internalFault, "two nodes make the same value", context: node.origin.map(\.frame))
        }
        producers[output.rawValue] = index
      }
    }
    func producer(of value: ValueID) -> Int? {
      producers.indices.contains(value.rawValue) ? producers[value.rawValue] : nil
    }
    var state = [UInt8](repeating: 0, count: nodes.count)  // 0 untouched, 1 waiting for its producers, 2 placed
    var sorted: [Node] = []
    for start in nodes.indices where state[start] == 0 {
      var stack = [start]
      while let index = stack.last {
        if state[index] == 2 {
          stack.removeLast()
          continue
        }
        state[index] = 1
        let waiting = nodes[index].inputs.compactMap { $0.flatMap(producer) }.filter { state[$0] != 2 }
        if waiting.isEmpty {
          state[index] = 2
          sorted.append(nodes[index])
          stack.removeLast()
        } else {
          guard !waiting.contains(where: { state[$0] == 1 }) else {
            throw ModelError(.internalFault, "the graph has a cycle through '\(nodes[index].name)'")
          }
          stack += waiting.reversed()
        }
      }
    }
    return sorted
  }
}
