/// An input or output of a graph.
public struct GraphPort: Hashable, Sendable {
  /// The name in the source's signature.
  public var name: String
  public var value: ValueID
  /// Axis `i` of the value is axis `permutation[i]` of what the caller passes or receives; nil: the same order.
  public var permutation: [Int]?

  public init(name: String, value: ValueID, permutation: [Int]? = nil) {
    self.name = name
    self.value = value
    self.permutation = permutation
  }
}
