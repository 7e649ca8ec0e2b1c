/// A default tolerance that a few large elements of the reference make too wide for all the others.
///
/// The default is a share of the largest magnitude. Where a mask of −1e9 stands beside probabilities, it allows them to be
/// anything.
public struct WideTolerance: Hashable, Sendable {
  /// Elements whose reference is smaller than the tolerance: more than half of them.
  public var smallerCount: Int
  /// The tolerance that the same rule gives among these alone.
  public var ownTolerance: Double
  /// How many of these are outside of their own tolerance.
  public var outsideCount: Int

  /// Nil where the tolerance suits the elements, or suits what differs between them.
  init?(_ tolerance: Tolerance, references: [Double], differences: [Double]) {
    let smaller = references.indices.filter { abs(references[$0]) < tolerance.absolute }
    let finiteCount = references.count(where: \.isFinite)
    guard smaller.count > finiteCount / 2 else { return nil }
    let largest = smaller.reduce(0) { max($0, abs(references[$1])) }
    let own = Tolerance(absolute: Tolerances.share(ofLargest: largest), relative: tolerance.relative)
    smallerCount = smaller.count
    ownTolerance = own.absolute
    outsideCount = smaller.count { index in
      let difference = differences[index]
      return tolerance.allows(difference, reference: references[index])
        && !own.allows(difference, reference: references[index])
    }
    if outsideCount == 0 { return nil }
  }
}
