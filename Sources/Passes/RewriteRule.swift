public import ModelGraph

/// A local change that is looked for at every node.
public protocol RewriteRule: Sendable {
  /// The name on the command line: kebab case, a verb phrase.
  static var name: String { get }

  /// What the rule does at `node`.
  ///
  /// - Throws: `.malformed` when constants of the file contradict each other; `.internalFault` for a fault of Ferry's own.
  func apply(at node: Node, in graph: Graph) throws(ModelError) -> RuleOutcome
}

/// What a rule says of a node.
public enum RuleOutcome: Sendable {
  /// The node is none of the rule's business.
  case noMatch
  /// The node is what the rule looks for, but changing it would not be exact; the reason is what `--explain` prints.
  case rejected(String)
  case rewrite(Rewrite)
}
