/// The range that an activation limits its values to; an absent bound limits nothing.
public struct ClampRange: Hashable, Sendable {
  public var lower: Float?
  public var upper: Float?

  public init(lower: Float? = nil, upper: Float? = nil) {
    self.lower = lower
    self.upper = upper
  }

  public static let unbounded = ClampRange()
  public static let relu = ClampRange(lower: 0)
  public static let relu6 = ClampRange(lower: 0, upper: 6)

  public var isUnbounded: Bool { lower == nil && upper == nil }

  /// The range of clamping to `self` and then to `next`, as one clamp; nil when no single range says it.
  ///
  /// min(max(x, l₁), u₁) followed by l₂, u₂ is the clamp to the intersection where the ranges meet; where they do not,
  /// the result is constant and not worth a rewrite.
  public func followed(by next: ClampRange) -> ClampRange? {
    let lower = [self.lower, next.lower].compactMap { $0 }.max()
    let upper = [self.upper, next.upper].compactMap { $0 }.min()
    if let lower, let upper, lower > upper { return nil }
    return ClampRange(lower: lower, upper: upper)
  }
}

extension ClampRange: CustomStringConvertible {
  public var description: String {
    switch (lower, upper) {
    case (nil, nil): "unbounded"
    case (0, nil): "relu"
    case (0, 6): "relu6"
    default: "[\(lower.map { "\($0)" } ?? "-∞"), \(upper.map { "\($0)" } ?? "∞")]"
    }
  }
}
