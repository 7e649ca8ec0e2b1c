public import ModelGraph

/// One layer of the candidate beside the value of the source that it answers for.
public struct LayerComparison: Hashable, Sendable {
  /// The node of the candidate.
  public var node: String
  public var operatorName: String
  /// The nodes of the source file that it stands for.
  public var sourceNodes: [SourceNode]
  /// The comparison of its output with the source's value, whose name it carries.
  public var comparison: TensorComparison

  public init(node: Node, comparison: TensorComparison) {
    self.node = node.name
    operatorName = node.op.name
    sourceNodes = node.origin
    self.comparison = comparison
  }

  public var isWithin: Bool { comparison.isWithin }
}
