/// The value of the source file that a value equals, and how its axes were reordered since.
public struct ValueOrigin: Hashable, Sendable {
  /// The name in the file.
  public var name: String
  /// Axis `i` of the value is axis `permutation[i]` of the source's; nil: the same order.
  public var permutation: [Int]?

  public init(name: String, permutation: [Int]? = nil) {
    self.name = name
    self.permutation = permutation
  }

  /// The origin of the value whose axis `i` is axis `permutation[i]` of this one's.
  public func permuted(by permutation: [Int]) -> ValueOrigin {
    let composed = self.permutation.map { inner in permutation.map { inner[$0] } } ?? permutation
    return ValueOrigin(name: name, permutation: composed == Array(composed.indices) ? nil : composed)
  }
}
