/// The shape of a tensor: its dimensions, outermost first, or nothing known at all.
public enum Shape: Hashable, Sendable {
  case ranked([Dimension])
  case unranked

  public static let scalar = Shape.ranked([])

  public init(_ extents: [Int]) { self = .ranked(extents.map(Dimension.fixed)) }

  public var rank: Int? { dimensions?.count }

  public var dimensions: [Dimension]? {
    if case .ranked(let dimensions) = self { dimensions } else { nil }
  }

  /// All extents, when every one is fixed.
  public var extents: [Int]? {
    guard let dimensions else { return nil }
    var extents: [Int] = []
    for dimension in dimensions {
      guard let value = dimension.fixedValue else { return nil }
      extents.append(value)
    }
    return extents
  }

  /// The number of elements; nil when an extent is open or negative, or the product overflows.
  public func elementCount() -> Int? {
    guard let extents else { return nil }
    return Shape.elementCount(of: extents)
  }

  /// The product of `extents`; nil on a negative one or on overflow.
  public static func elementCount(of extents: [Int]) -> Int? {
    var count = 1
    for extent in extents {
      guard extent >= 0 else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      count = product
    }
    return count
  }

  /// Whether both can be the same shape.
  public func isCompatible(with other: Shape) -> Bool {
    guard let a = dimensions, let b = other.dimensions else { return true }
    return a.count == b.count && zip(a, b).allSatisfy { $0.isCompatible(with: $1) }
  }

  public func bound(_ bindings: [String: Int]) -> Shape {
    guard let dimensions else { return self }
    return .ranked(dimensions.map { $0.bound(bindings) })
  }

  /// The shape whose axis `i` is this one's axis `permutation[i]`; unranked when the ranks differ.
  public func permuted(by permutation: [Int]) -> Shape {
    guard let dimensions, dimensions.count == permutation.count else { return .unranked }
    guard permutation.allSatisfy(dimensions.indices.contains) else { return .unranked }
    return .ranked(permutation.map { dimensions[$0] })
  }

  /// Every symbol in it.
  public var symbols: Set<String> {
    (dimensions ?? []).reduce(into: []) { $0.formUnion($1.expression?.symbols ?? []) }
  }
}

extension Shape: CustomStringConvertible, ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Dimension...) { self = .ranked(elements) }

  public var description: String {
    guard let dimensions else { return "[…]" }
    return "[" + dimensions.map(\.description).joined(separator: ", ") + "]"
  }
}
