import ModelGraph

/// Walks a candidate's nodes beside the values of the source.
struct LayerwiseComparison {
  let graph: Graph
  let values: SourceValues
  let tolerances: Tolerances
  let failsFast: Bool
  let isCumulative: Bool
  private(set) var layers: [LayerComparison] = []
  private var unmatchedNodes: [Node] = []
  private(set) var isStopped = false
  private var fed: [ValueID: Tensor] = [:]
  /// How many nodes still read a value; it goes when nobody does.
  private var readers: [ValueID: Int]

  init(graph: Graph, values: SourceValues, tolerances: Tolerances, failsFast: Bool, isCumulative: Bool) {
    self.graph = graph
    self.values = values
    self.tolerances = tolerances
    self.failsFast = failsFast
    self.isCumulative = isCumulative
    readers = [:]
    for node in graph.nodes {
      for id in Set(node.inputs.compactMap { $0 }) { readers[id, default: 0] += 1 }
    }
  }

  /// States what readers of a value are given.
  mutating func feed(_ id: ValueID, _ tensor: Tensor) { fed[id] = tensor }

  /// The inputs of a node: constants of the candidate's graph, everything else the reference's own value where there is
  /// one, or what the candidate computed from reference values.
  mutating func inputs(of node: Node) throws(ModelError) -> [Tensor?] {
    var inputs: [Tensor?] = []
    for id in node.inputs {
      guard let id else {
        inputs.append(nil)
        continue
      }
      guard let tensor = graph[id].constant ?? fed[id] else {
        throw ModelError(.internalFault, "the value '\(graph[id].name)' was not computed")
          .within(node.origin.first?.frame ?? .node(name: node.name, operator: node.op.name, index: nil))
      }
      inputs.append(tensor)
    }
    for id in Set(node.inputs.compactMap { $0 }) {
      readers[id, default: 1] -= 1
      if readers[id] == 0 { fed[id] = nil }
    }
    return inputs
  }

  /// Compares the outputs of a node, and states what their readers are given.
  mutating func compare(_ node: Node, _ outputs: [Tensor]) throws(ModelError) {
    var isMatched = false
    for (id, tensor) in zip(node.outputs, outputs) {
      let value = graph[id]
      let reference = try value.origin.flatMapThrowing { (origin) throws(ModelError) in
        try values.tensor(origin, shape: tensor.type.shape)
      }
      if !isCumulative { fed[id] = reference.map { $0.with(quantization: tensor.type.quantization) } ?? tensor }
      guard let reference, let origin = value.origin else { continue }
      isMatched = true
      let comparison = try TensorComparison(name: origin.name, tensor, reference: reference, tolerances: tolerances)
      layers.append(LayerComparison(node: node, comparison: comparison))
      if failsFast && !comparison.isWithin { isStopped = true }
    }
    if !isMatched { unmatchedNodes.append(node) }
  }

  /// Nodes whose values the source does not hold.
  var unmatched: [String] { unmatchedNodes.map(\.name) }

  /// Those of them that have parameters which no comparison answers for.
  var uncompared: [String] {
    var open: Set<NodeID> = []
    // Readers stand behind the values that they read.
    for node in unmatchedNodes.reversed() where !isAnsweredFor(node, open: open) { open.insert(node.id) }
    return unmatchedNodes.filter { open.contains($0.id) && !graph.parameterValues(of: $0).isEmpty }.map(\.name)
  }

  /// Whether a difference in a node's value arrives undiminished in a value that is compared: the value is an output, or a
  /// pass made it, in place of a layer whose result is compared.
  ///
  /// What lies before a softmax or another function that saturates is not answered for by what lies behind it.
  private func isAnsweredFor(_ node: Node, open: Set<NodeID>) -> Bool {
    node.outputs.allSatisfy { id in
      if graph.isOutput(id) { return true }
      let readers = graph.consumers(of: id)
      guard graph[id].origin == nil, !readers.isEmpty else { return false }
      return readers.allSatisfy { reader in
        reader.op.carriesDifferences && Set(node.origin).isSubset(of: reader.origin) && !open.contains(reader.id)
      }
    }
  }
}

extension Op {
  /// Whether the result differs wherever an operand does, as far as arithmetic goes.
  fileprivate var carriesDifferences: Bool {
    switch self {
    case .binary(let op): [.add, .subtract, .multiply, .divide].contains(op.function)
    case .flatten, .identity, .reshape, .squeeze, .transpose, .unsqueeze: true
    default: false
    }
  }
}

extension Optional {
  /// `flatMap` for a transformation with a typed error.
  fileprivate func flatMapThrowing<Result>(
    _ transform: (Wrapped) throws(ModelError) -> Result?
  ) throws(ModelError) -> Result? {
    if let self { try transform(self) } else { nil }
  }
}
