public import ModelGraph

/// Applies one rule until no node matches it any more.
///
/// Each sweep asks the rule about every node and applies all rewrites that do not touch each other at once: a network takes a few
/// sweeps, however many nodes it has. A file made of one long run of nodes that each depend on the rewrite before is left as it is
/// after many.
public struct RulePass<Rule: RewriteRule>: Pass {
  public static var name: String { Rule.name }

  /// More sweeps than any network takes.
  private static var largestSweepCount: Int { 100 }

  private let rule: Rule

  public init(_ rule: Rule) { self.rule = rule }

  public func run(_ graph: Graph) throws(ModelError) -> PassOutcome {
    var graph = graph
    var report = PassReport(name: Rule.name)
    var sweepCount = 0
    while true {
      let sweep = try sweep(graph)
      report.rejections = sweep.rejections
      if sweep.rewrites.isEmpty { break }
      sweepCount += 1
      guard sweepCount <= Self.largestSweepCount else {
        let reason = "it stands behind \(Self.largestSweepCount) others that had to go first"
        report.rejections += sweep.places.map { PassReport.Rejection(node: $0, reason: reason) }
        break
      }
      graph = try graph.apply(sweep.rewrites)
      report.applied += sweep.rewrites.count
      report.explanations += sweep.rewrites.map(\.explanation)
    }
    return PassOutcome(graph: graph, report: report)
  }

  private struct Sweep {
    var rewrites: [Rewrite] = []
    /// The nodes that the rewrites begin at.
    var places: [String] = []
    var rejections: [PassReport.Rejection] = []
  }

  private func sweep(_ graph: Graph) throws(ModelError) -> Sweep {
    var sweep = Sweep()
    var removed: Set<NodeID> = []
    var touched: Set<NodeID> = []
    for node in graph.nodes where !touched.contains(node.id) {
      let frame = node.origin.first?.frame ?? .node(name: node.name, operator: node.op.name, index: nil)
      let outcome = try within(frame) { () throws(ModelError) in try rule.apply(at: node, in: graph) }
      switch outcome {
      case .noMatch: continue
      case .rejected(let reason): sweep.rejections.append(PassReport.Rejection(node: node.displayName, reason: reason))
      case .rewrite(let rewrite):
        let touches = rewrite.touchedNodes(in: graph)
        guard touched.isDisjoint(with: rewrite.removed), removed.isDisjoint(with: touches) else { continue }
        removed.formUnion(rewrite.removed)
        touched.formUnion(touches)
        sweep.rewrites.append(rewrite)
        sweep.places.append(node.displayName)
      }
    }
    return sweep
  }
}
