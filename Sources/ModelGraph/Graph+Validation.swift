extension Graph {
  /// Checks every invariant.
  ///
  /// - Throws: `.internalFault` naming the first one that does not hold.
  public func validate() throws(ModelError) {
    try validateNames()
    try validateDefinitions()
    try validateTypes()
    for port in inputs + outputs {
      if let permutation = port.permutation {
        guard permutation.sorted() == Array(permutation.indices),
          value(port.value)?.type.shape.rank ?? permutation.count == permutation.count
        else { throw ModelError(.internalFault, "the port '\(port.name)' is permuted by \(permutation)") }
      }
    }
  }

  private func validateNames() throws(ModelError) {
    var names = Set<String>(minimumCapacity: valueTable.count)
    for case let value? in valueTable where !names.insert(value.name).inserted {
      throw ModelError(.internalFault, "two values are named '\(value.name)'")
    }
    names.removeAll(keepingCapacity: true)
    for node in nodes where !names.insert(node.name).inserted {
      throw ModelError(.internalFault, "two nodes are named '\(node.name)'")
    }
  }

  /// Checks that every value is made once, and before anybody reads it.
  ///
  /// - Throws: `.internalFault`.
  func validateDefinitions() throws(ModelError) {
    var defined = ValueSet(inputs.map(\.value))
    for case let value? in valueTable where value.constant != nil { defined.insert(value.id) }
    for node in nodes {
      for case let input? in node.inputs {
        guard defined.contains(input), holds(input) else {
          throw ModelError(.internalFault, "'\(node.name)' reads a value that is not defined before it")
        }
      }
      for output in node.outputs {
        guard holds(output), defined.insert(output) else {
          throw ModelError(.internalFault, "'\(node.name)' makes a value that exists already")
        }
      }
    }
    for port in outputs where !defined.contains(port.value) {
      throw ModelError(.internalFault, "the output '\(port.name)' is never computed")
    }
  }

  private func validateTypes() throws(ModelError) {
    for node in nodes {
      let types = try within(.node(name: node.name, operator: node.op.name, index: nil)) { () throws(ModelError) in
        try node.op.payload.outputTypes(operatorInputs(node))
      }
      guard types.count == node.outputs.count else {
        throw ModelError(.internalFault, "'\(node.name)' has \(node.outputs.count) outputs, not \(types.count)")
      }
      for (output, inferred) in zip(node.outputs, types) {
        let value = self[output]
        guard value.type.shape.isCompatible(with: inferred.shape),
          value.type.elementType == inferred.elementType || value.type.quantization != nil
        else {
          throw ModelError(.internalFault, "'\(value.name)' is \(value.type), '\(node.name)' gives \(inferred)")
        }
      }
    }
  }

  /// Every operator without a meaning, in order.
  public var opaqueNodes: [Node] {
    nodes.filter { if case .opaque = $0.op { true } else { false } }
  }

  /// Refuses a graph with operators that have no meaning, naming all of them.
  ///
  /// - Throws: `.unsupported`.
  public func requireNoOpaqueNodes() throws(ModelError) {
    let opaque = opaqueNodes
    guard !opaque.isEmpty else { return }
    let list = opaque.map { node -> String in
      guard case .opaque(let op) = node.op else { return node.name }
      return "\(op.operatorName) at \(node.origin.first?.description ?? "'\(node.name)'"): \(op.reason)"
    }
    throw ModelError(
      .unsupported,
      "\(opaque.count == 1 ? "an operator" : "\(opaque.count) operators") without a meaning:\n  "
        + list.joined(separator: "\n  "),
      hint: "'summary' still shows such a model; to convert it, re-export it without these operators")
  }
}
