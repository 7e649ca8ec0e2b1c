/// How far a number may lie from its reference: |a − b| ≤ absolute + relative · |b|, b the reference.
public struct Tolerance: Hashable, Sendable {
  public var absolute: Double
  public var relative: Double

  public init(absolute: Double, relative: Double = 0) {
    self.absolute = absolute
    self.relative = relative
  }

  /// Whether `difference` = |a − b| is allowed beside the reference b; a NaN never is.
  @inlinable
  public func allows(_ difference: Double, reference: Double) -> Bool {
    difference <= absolute + relative * abs(reference)
  }
}
