public import ModelGraph

/// What a pipeline leaves: the last graph, and a report of every pass that ran, in order.
public struct PassResult: Sendable {
  public let graph: Graph
  public let reports: [PassReport]

  public init(graph: Graph, reports: [PassReport]) {
    self.graph = graph
    self.reports = reports
  }
}
