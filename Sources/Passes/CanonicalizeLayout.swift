public import ModelGraph

/// Builds the graph with every map channels-last, filters [O, kh, kw, I/groups] and dense weights [O, I].
///
/// Transposes of the file vanish into the order in which values are kept; inputs and outputs keep the file's signature through
/// the permutation of their port. A transpose is left only in front of an operator that takes nothing but the file's own order.
public struct CanonicalizeLayout: Pass {
  public static let name = "canonicalize-layout"

  public init() {}

  public func run(_ graph: Graph) throws(ModelError) -> PassOutcome {
    var conversion = LayoutConversion(graph)
    for node in graph.nodes {
      let frame = node.origin.first?.frame ?? .node(name: node.name, operator: node.op.name, index: nil)
      try within(frame) { () throws(ModelError) in try conversion.convert(node) }
    }
    return try conversion.finished()
  }
}
