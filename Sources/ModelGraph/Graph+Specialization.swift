extension Graph {
  /// Every symbol in the types of the graph's inputs.
  public var symbols: Set<String> {
    inputs.reduce(into: []) { $0.formUnion(self[$1.value].type.shape.symbols) }
  }

  /// Symbols that stand alone as the batch: the first axis of an input's signature.
  public var batchSymbols: Set<String> {
    inputs.reduce(into: []) { result, port in
      if case .symbolic(let name)? = signatureType(port).shape.dimensions?.first { result.insert(name) }
    }
  }

  /// The graph for given extents: types are inferred again from inputs of these shapes.
  ///
  /// - Parameter inputShapes: the shapes that the caller will pass, in the signature's axis order, one an input; nil leaves
  ///   an input as it is.
  /// - Throws: `.usage` when a shape contradicts the signature; `.malformed` when the operators refuse it.
  public func specialized(inputShapes: [[Int]?]) throws(ModelError) -> Graph {
    guard inputShapes.count == inputs.count else {
      throw ModelError(.usage, "the graph has \(inputs.count) inputs, \(inputShapes.count) shapes were given")
    }
    var bindings: [String: Int] = [:]
    for (port, shape) in zip(inputs, inputShapes) {
      guard let shape else { continue }
      let signature = signatureType(port).shape
      guard signature.isCompatible(with: Shape(shape)), shape.allSatisfy({ $0 >= 0 }) else {
        throw ModelError(.usage, "the input '\(port.name)' takes \(signature), not \(Shape(shape))")
      }
      for (dimension, extent) in zip(signature.dimensions ?? [], shape) {
        guard case .symbolic(let name) = dimension else { continue }
        if let earlier = bindings.updateValue(extent, forKey: name), earlier != extent {
          throw ModelError(.usage, "'\(name)' cannot be both \(earlier) and \(extent)")
        }
      }
    }
    return try specialized(bindings: bindings, inputShapes: inputShapes)
  }

  /// The graph with symbols bound: types are inferred again.
  ///
  /// - Throws: `.malformed` when the operators refuse the extents.
  public func specialized(bindings: [String: Int], inputShapes: [[Int]?]? = nil) throws(ModelError) -> Graph {
    var table = valueTable
    for (index, port) in inputs.enumerated() {
      let shape: Shape
      if let given = inputShapes?[index] {
        let extents = Shape(given)
        shape = port.permutation.map { extents.permuted(by: $0) } ?? extents
      } else {
        shape = self[port.value].type.shape.bound(bindings)
      }
      table[port.value.rawValue]?.type.shape = shape
    }
    for node in nodes {
      let operands = OperatorInputs(
        types: node.inputs.map { $0.flatMap { table[$0.rawValue]?.type } },
        constants: node.inputs.map { $0.flatMap { table[$0.rawValue]?.constant } },
        dimensions: node.inputs.map { $0.flatMap { table[$0.rawValue]?.knownDimensions } })
      let frame = node.origin.first?.frame ?? .node(name: node.name, operator: node.op.name, index: nil)
      let types = try within(frame) { () throws(ModelError) in try node.op.payload.outputTypes(operands) }
      let known = node.op.knownDimensions(operands, outputTypes: types)
      for (output, inferred) in zip(node.outputs, types) {
        let stated = table[output.rawValue]?.type.shape.bound(bindings) ?? .unranked
        // What the file stated stands only where inference leaves an extent open.
        let merged = zip(inferred.shape.dimensions ?? [], stated.dimensions ?? []).map { $0 == .unknown ? $1 : $0 }
        table[output.rawValue]?.type.shape = merged.count == inferred.shape.rank ? .ranked(merged) : inferred.shape
        table[output.rawValue]?.knownDimensions = known
      }
    }
    return Graph(
      name: name, arithmetic: arithmetic, inputs: inputs, outputs: outputs, nodes: nodes, valueTable: table,
      nextNodeID: nextNodeID)
  }
}
