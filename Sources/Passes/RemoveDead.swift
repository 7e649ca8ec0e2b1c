public import ModelGraph

/// Removes what no output hangs on, nodes that change nothing, and all but the last of several reshapes in a row.
public struct RemoveDead: Pass {
  public static let name = "remove-dead"

  public init() {}

  public func run(_ graph: Graph) throws(ModelError) -> PassOutcome {
    var report = PassReport(name: Self.name)
    let shortcuts = shortcuts(graph)
    let live = liveNodes(graph, shortcuts)
    var copy = GraphCopy(of: graph)
    for node in graph.nodes {
      switch shortcuts[node.id] {
      case .alias(let value)?:
        // The output may be a graph output, so it keeps standing for something.
        if live.contains(node.id) { copy.set(node.outputs[0], to: try copy.copy(of: value)) }
        report.applied += 1
        report.explanations.append("\(node.displayName) (\(node.op.name)) changes nothing")
      case .reshape(let value, let target)? where live.contains(node.id):
        try copy.add(node, op: .reshape(Reshape(target)), inputs: [try copy.copy(of: value)])
        report.applied += 1
        report.explanations.append("\(node.displayName) reshapes what was reshaped before")
      default:
        if live.contains(node.id) {
          try copy.add(node)
        } else {
          report.applied += 1
          report.explanations.append("nothing reads \(node.displayName) (\(node.op.name))")
        }
      }
    }
    return PassOutcome(graph: try copy.finished(), report: report)
  }

  /// What can be read in place of a node's output.
  private enum Shortcut {
    case alias(ValueID)
    case reshape(ValueID, [Reshape.Extent])
  }

  private func shortcuts(_ graph: Graph) -> [NodeID: Shortcut] {
    var shortcuts: [NodeID: Shortcut] = [:]
    // For the output of each reshape, the value before the first reshape of the row.
    var roots: [ValueID: ValueID] = [:]
    func resolved(_ value: ValueID) -> ValueID {
      if let producer = graph.producer(of: value), case .alias(let earlier)? = shortcuts[producer.id] {
        return earlier
      }
      return value
    }
    for node in graph.nodes {
      if let input = graph.passedThrough(by: node) {
        shortcuts[node.id] = .alias(resolved(input))
        continue
      }
      guard node.isReshaping, let input = node.input(0).map(resolved), let output = node.outputs.first else { continue }
      guard let root = roots[input] else {
        roots[output] = input
        continue
      }
      let target = graph[output].type.shape.reshapeTarget
      if graph[root].type.isCompatible(with: graph[output].type),
        graph[root].type.shape.isSurelyEqual(to: graph[output].type.shape)
      {
        shortcuts[node.id] = .alias(root)
      } else if let target {
        shortcuts[node.id] = .reshape(root, target)
        roots[output] = root
      }
    }
    return shortcuts
  }

  private func liveNodes(_ graph: Graph, _ shortcuts: [NodeID: Shortcut]) -> Set<NodeID> {
    var live: Set<NodeID> = []
    var waiting = graph.outputs.map(\.value)
    while let value = waiting.popLast() {
      guard let producer = graph.producer(of: value), live.insert(producer.id).inserted else { continue }
      switch shortcuts[producer.id] {
      case .alias(let source)?, .reshape(let source, _)?: waiting.append(source)
      case nil: waiting += producer.inputs.compactMap { $0 }
      }
    }
    return live
  }
}

extension Node {
  /// Whether the node gives the same elements in the same order under another shape.
  var isReshaping: Bool {
    switch op {
    case .reshape, .flatten, .squeeze, .unsqueeze: true
    default: false
    }
  }
}

extension Shape {
  /// The shape as a reshape's target; nil when more than one extent is open.
  var reshapeTarget: [Reshape.Extent]? {
    guard let dimensions, dimensions.filter({ $0.fixedValue == nil }).count <= 1 else { return nil }
    return dimensions.map { dimension in dimension.fixedValue.map(Reshape.Extent.fixed) ?? .inferred }
  }
}
