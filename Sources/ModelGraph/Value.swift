/// What flows along an edge of the graph: a graph input, a constant, or a node's output.
public struct Value: Sendable {
  public let id: ValueID
  /// Unique within the graph.
  public var name: String
  public var type: TensorType
  /// The content, when it never changes.
  public var constant: Tensor?
  public var origin: ValueOrigin?
  /// Whether training would change the constant; moving statistics and frozen layers are not trainable.
  public var isTrainable: Bool
  /// The elements of a small integer vector, as far as they follow from shapes.
  public var knownDimensions: [Dimension]?
}
