public import ModelGraph

/// One step from a graph to the next.
public protocol Pass: Sendable {
  /// The name on the command line: kebab case, a verb phrase.
  static var name: String { get }

  /// The graph after the pass, and what was done.
  ///
  /// - Throws: `.malformed` when the graph's constants contradict each other; `.internalFault` for a fault of Ferry's own.
  func run(_ graph: Graph) throws(ModelError) -> PassOutcome
}

extension Pass {
  var name: String { Self.name }
}

/// What a pass leaves.
public struct PassOutcome: Sendable {
  public var graph: Graph
  public var report: PassReport

  public init(graph: Graph, report: PassReport) {
    self.graph = graph
    self.report = report
  }
}
