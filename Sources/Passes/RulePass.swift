public import ModelGraph

/// Applies one rule until no node matches it any more.
///
/// Each sweep asks the rule about every node and applies all rewrites that do not touch each other at once, so that a network
/// of n nodes takes a few sweeps, not n.
public struct RulePass<Rule: RewriteRule>: Pass {
  public static var name: String { Rule.name }

  private let rule: Rule

  public init(_ rule: Rule) { self.rule = rule }

  public func run(_ graph: Graph) throws(ModelError) -> PassOutcome {
    var graph = graph
    var report = PassReport(name: Rule.name)
    // Every rule shortens the graph or makes a node more explicit; only one that undoes itself would meet this bound.
    var remaining = 16 * (graph.nodes.count + 16)
    while true {
      let sweep = try sweep(graph)
      report.rejections = sweep.rejections
      if sweep.rewrites.isEmpty { break }
      remaining -= sweep.rewrites.count
      guard remaining > 0 else { throw ModelError(.internalFault, "the pass '\(Rule.name)' does not come to an end") }
      graph = try graph.apply(sweep.rewrites)
      report.applied += sweep.rewrites.count
      report.explanations += sweep.rewrites.map(\.explanation)
    }
    return PassOutcome(graph: graph, report: report)
  }

  private func sweep(_ graph: Graph) throws(ModelError) -> (rewrites: [Rewrite], rejections: [PassReport.Rejection]) {
    var rewrites: [Rewrite] = []
    var rejections: [PassReport.Rejection] = []
    var removed: Set<NodeID> = []
    var touched: Set<NodeID> = []
    for node in graph.nodes where !touched.contains(node.id) {
      let frame = node.origin.first?.frame ?? .node(name: node.name, operator: node.op.name, index: nil)
      let outcome = try within(frame) { () throws(ModelError) in try rule.apply(at: node, in: graph) }
      switch outcome {
      case .noMatch: continue
      case .rejected(let reason): rejections.append(PassReport.Rejection(node: node.displayName, reason: reason))
      case .rewrite(let rewrite):
        let touches = rewrite.touchedNodes(in: graph)
        guard touched.isDisjoint(with: rewrite.removed), removed.isDisjoint(with: touches) else { continue }
        removed.formUnion(rewrite.removed)
        touched.formUnion(touches)
        rewrites.append(rewrite)
      }
    }
    return (rewrites, rejections)
  }
}
