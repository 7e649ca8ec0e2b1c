/// Names a value within one graph.
public struct ValueID: Hashable, Sendable, Comparable {
  public let rawValue: Int

  public init(rawValue: Int) { self.rawValue = rawValue }

  public static func < (left: ValueID, right: ValueID) -> Bool { left.rawValue < right.rawValue }
}
