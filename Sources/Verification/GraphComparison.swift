/// What the comparison of two graphs found.
public struct GraphComparison: Sendable {
  /// The outputs, computed from end to end.
  public var outputs: [TensorComparison]
  /// The layers in the order of the candidate's graph.
  public var layers: [LayerComparison] = []
  /// Nodes of the candidate whose values the source does not hold.
  public var unmatchedNodes: [String] = []
  /// Those of them that have parameters which no comparison answers for.
  public var uncomparedNodes: [String] = []
  /// Whether it ended at the first tensor over its tolerance.
  public var isStopped: Bool

  init(outputs: [TensorComparison], isStopped: Bool) {
    self.outputs = outputs
    self.isStopped = isStopped
  }

  init(_ comparison: LayerwiseComparison, outputs: [TensorComparison]) {
    self.outputs = outputs
    layers = comparison.layers
    unmatchedNodes = comparison.unmatched
    uncomparedNodes = comparison.uncompared
    isStopped = comparison.isStopped
  }
}
