extension Graph {
  /// Checks every invariant.
  ///
  /// - Throws: `.internalFault` naming the first one that does not hold.
  public func validate() throws(ModelError) {
    var defined = ValueSet(inputs.map(\.value))
    var names: Set<String> = []
    for case let value? in valueTable {
      guard names.insert(value.name).inserted else {
        throw ModelError(.internalFault, "two values are named '\(value.name)'")
      }
      if value.constant != nil { defined.insert(value.id) }
    }
    var nodeNames: Set<String> = []
    for node in nodes {
      guard nodeNames.insert(node.name).inserted else {
        throw ModelError(.internalFault, "two nodes are named '\(node.name)'")
      }
      for case let input? in node.inputs {
        guard defined.contains(input), holds(input) else {
          throw ModelError(.internalFault, "'\(node.name)' reads a value that is not defined before it")
        }
      }
      let types = try within(.node(name: node.name, operator: node.op.name, index: nil)) { () throws(ModelError) in
        try node.op.payload.outputTypes(operatorInputs(node))
      }
      guard types.count == node.outputs.count else {
        throw ModelError(.internalFault, "'\(node.name)' has \(node.outputs.count) outputs, not \(types.count)")
      }
      for (output, inferred) in zip(node.outputs, types) {
        guard let value = value(output), defined.insert(output) else {
          throw ModelError(.internalFault, "'\(node.name)' makes a value that exists already")
        }
        guard value.type.shape.isCompatible(with: inferred.shape),
          value.type.elementType == inferred.elementType || value.type.quantization != nil
        else {
          throw ModelError(.internalFault, "'\(value.name)' is \(value.type), '\(node.name)' gives \(inferred)")
        }
      }
    }
    for port in outputs where !defined.contains(port.value) {
      throw ModelError(.internalFault, "the output '\(port.name)' is never computed")
    }
    for port in inputs + outputs {
      if let permutation = port.permutation {
        guard permutation.sorted() == Array(permutation.indices),
          value(port.value)?.type.shape.rank ?? permutation.count == permutation.count
        else { throw ModelError(.internalFault, "the port '\(port.name)' is permuted by \(permutation)") }
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
