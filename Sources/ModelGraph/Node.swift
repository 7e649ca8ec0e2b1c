/// One application of an operator.
public struct Node: Sendable {
  public let id: NodeID
  /// Unique within the graph.
  public var name: String
  public var op: Op
  /// Nil where an optional input is absent.
  public var inputs: [ValueID?]
  public var outputs: [ValueID]
  /// The nodes of the source file that this one stands for, in the file's order.
  public var origin: [SourceNode]

  /// The input at `index`, nil when absent or beyond the end.
  public func input(_ index: Int) -> ValueID? { inputs.indices.contains(index) ? inputs[index] : nil }
}
