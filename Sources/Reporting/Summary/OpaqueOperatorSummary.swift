public import ModelGraph

/// An operator that Ferry has no meaning for, and where it stands.
public struct OpaqueOperatorSummary: Sendable {
  public var domain: String
  public var operatorName: String
  public var version: Int?
  public var reason: String
  public var nodes: [SourceNode]

  /// One entry for each operator and reason, in the graph's order.
  static func all(in graph: Graph) -> [OpaqueOperatorSummary] {
    var summaries: [OpaqueOperatorSummary] = []
    for node in graph.opaqueNodes {
      guard case .opaque(let op) = node.op else { continue }
      let place = summaries.firstIndex {
        $0.domain == op.domain && $0.operatorName == op.operatorName && $0.version == op.version
          && $0.reason == op.reason
      }
      if let place {
        summaries[place].nodes += node.origin
      } else {
        summaries.append(
          OpaqueOperatorSummary(
            domain: op.domain, operatorName: op.operatorName, version: op.version, reason: op.reason, nodes: node.origin
          ))
      }
    }
    return summaries
  }
}
