/// Reorderings of axes: axis `i` of the result is axis `permutation[i]` of what is reordered; nil stands for the same order.
typealias Permutation = [Int]

extension [Int] {
  static func identityPermutation(_ rank: Int) -> Permutation { Array(0..<rank) }

  /// Nil when it changes nothing.
  var unlessIdentity: Permutation? { self == Array(indices) ? nil : self }

  var inversePermutation: Permutation {
    var inverse = self
    for (index, axis) in enumerated() where indices.contains(axis) { inverse[axis] = index }
    return inverse
  }

  /// The reordering by `self` and then by `next`.
  func then(_ next: Permutation) -> Permutation { next.map { self[$0] } }
}
