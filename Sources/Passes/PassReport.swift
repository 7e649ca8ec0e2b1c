/// What one pass did, in the words of `--explain`.
public struct PassReport: Sendable, Hashable {
  /// A node that a pass looked at and left alone.
  public struct Rejection: Sendable, Hashable {
    /// The node, by its first source node where it has one.
    public var node: String
    public var reason: String

    public init(node: String, reason: String) {
      self.node = node
      self.reason = reason
    }
  }

  public var name: String
  /// How many changes were made.
  public var applied: Int
  /// One line a change, or one for several alike.
  public var explanations: [String]
  public var rejections: [Rejection]

  public init(name: String, applied: Int = 0, explanations: [String] = [], rejections: [Rejection] = []) {
    self.name = name
    self.applied = applied
    self.explanations = explanations
    self.rejections = rejections
  }
}
