public import ModelGraph

/// Removes nodes that hand their input on: Identity, Dropout at inference, a cast to the same type, a padding by nothing.
public struct RemoveIdentities: Pass {
  public static let name = "remove-identities"

  public init() {}

  public func run(_ graph: Graph) throws(ModelError) -> PassOutcome {
    var report = PassReport(name: Self.name)
    let handedOn = graph.nodes.map(graph.passedThrough)
    guard handedOn.contains(where: { $0 != nil }) else { return PassOutcome(graph: graph, report: report) }
    var copy = GraphCopy(of: graph)
    for (node, input) in zip(graph.nodes, handedOn) {
      guard let input else {
        try copy.add(node)
        continue
      }
      copy.set(node.outputs[0], to: try copy.copy(of: input))
      report.applied += 1
      report.explanations.append("\(node.displayName) (\(node.op.name)) changes nothing")
    }
    return PassOutcome(graph: try copy.finished(), report: report)
  }
}
