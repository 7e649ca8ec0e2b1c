public import ModelGraph

/// Puts the operands of additions and multiplications in one order, and the nodes in the order in which outputs need them.
///
/// Of two operands the one that fewer nodes lead to comes first, constants last; equals stay. Sums and products of two
/// numbers do not hang on their order, so nothing is computed differently; two files of the same network agree.
public struct OrderOperands: Pass {
  public static let name = "order-operands"

  public init() {}

  public func run(_ graph: Graph) throws(ModelError) -> PassOutcome {
    var report = PassReport(name: Self.name)
    let depths = depths(graph)
    var operands: [NodeID: [ValueID?]] = [:]
    for node in graph.nodes {
      guard case .binary(let op) = node.op, [.add, .multiply].contains(op.function), node.inputs.count == 2,
        let left = node.inputs[0], let right = node.inputs[1]
      else { continue }
      func rank(_ id: ValueID) -> Int { graph[id].constant != nil ? Int.max : depths[id] ?? 0 }
      guard rank(left) > rank(right) else { continue }
      operands[node.id] = [right, left]
      report.applied += 1
      report.explanations.append("\(node.displayName): the operands are exchanged")
    }
    let order = order(graph, operands)
    if order != graph.nodes.indices.map({ $0 }) {
      report.applied += 1
      report.explanations.append("the nodes stand in the order in which the outputs need them")
    }
    guard report.applied > 0 else { return PassOutcome(graph: graph, report: report) }
    var copy = GraphCopy(of: graph)
    for position in order {
      let node = graph.nodes[position]
      var inputs: [ValueID?]?
      if let exchanged = operands[node.id] { inputs = try copy.copies(of: exchanged) }
      try copy.add(node, inputs: inputs)
    }
    return PassOutcome(graph: try copy.finished(), report: report)
  }

  /// For each computed value the number of nodes on the longest way to it.
  private func depths(_ graph: Graph) -> [ValueID: Int] {
    var depths: [ValueID: Int] = [:]
    for node in graph.nodes {
      let depth = node.inputs.compactMap { $0.flatMap { depths[$0] } }.max() ?? 0
      for output in node.outputs { depths[output] = depth + 1 }
    }
    return depths
  }

  /// Positions of the nodes so that each stands right behind what it needs, first operands first; nodes that no output needs
  /// come last.
  private func order(_ graph: Graph, _ operands: [NodeID: [ValueID?]]) -> [Int] {
    var positions: [ValueID: Int] = [:]
    for (position, node) in graph.nodes.enumerated() {
      for output in node.outputs { positions[output] = position }
    }
    var order: [Int] = []
    var isEntered = [Bool](repeating: false, count: graph.nodes.count)
    var isPlaced = isEntered
    let roots = graph.outputs.compactMap { positions[$0.value] } + graph.nodes.indices
    for root in roots {
      var stack = [root]
      while let position = stack.last {
        if isPlaced[position] {
          stack.removeLast()
        } else if isEntered[position] {
          isPlaced[position] = true
          order.append(position)
          stack.removeLast()
        } else {
          isEntered[position] = true
          let node = graph.nodes[position]
          let needed = (operands[node.id] ?? node.inputs).compactMap { $0.flatMap { positions[$0] } }
          stack += needed.reversed().filter { !isPlaced[$0] }
        }
      }
    }
    return order
  }
}
