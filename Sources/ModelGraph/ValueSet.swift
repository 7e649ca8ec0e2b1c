/// A set of one graph's values: a mark for each identifier, which costs far less than hashing it.
public struct ValueSet: Sendable {
  private var marks: [Bool] = []

  public init() {}

  public init(_ values: some Sequence<ValueID>) {
    for value in values { insert(value) }
  }

  public func contains(_ value: ValueID) -> Bool { marks.indices.contains(value.rawValue) && marks[value.rawValue] }

  /// Returns whether the value was not in the set.
  @discardableResult
  public mutating func insert(_ value: ValueID) -> Bool {
    if value.rawValue >= marks.count {
      marks += repeatElement(false, count: max(value.rawValue + 1, marks.count * 2) - marks.count)
    }
    defer { marks[value.rawValue] = true }
    return !marks[value.rawValue]
  }

  public mutating func insert(contentsOf values: some Sequence<ValueID>) {
    for value in values { insert(value) }
  }
}
