/// The tolerances of a verification: for everything, and for single tensors by name.
///
/// What nobody states: the absolute tolerance of a tensor is ``defaultShare`` of the largest reference magnitude in it (at
/// least ``defaultFloor``), the relative one is zero. Float sums taken in another order differ by a share of the terms, not
/// of the result, so a tolerance relative to each element would refuse sums that happen to cancel. Integers and Booleans that
/// are no counts of a quantization are equal, unless a tolerance is stated. Where the largest magnitude makes the tolerance too
/// wide for the other elements, the comparison says so: ``WideTolerance``.
public struct Tolerances: Hashable, Sendable {
  /// The default absolute tolerance as a share of the tensor's largest reference magnitude.
  public static let defaultShare = 1e-4
  /// The smallest default absolute tolerance.
  public static let defaultFloor = 1e-7

  public var absolute: Double?
  public var relative: Double?
  /// Absolute tolerances of single tensors, by output name or by the name of a value of the source file.
  public var absoluteByName: [String: Double]
  public var relativeByName: [String: Double]

  public init(
    absolute: Double? = nil, relative: Double? = nil, absoluteByName: [String: Double] = [:],
    relativeByName: [String: Double] = [:]
  ) {
    self.absolute = absolute
    self.relative = relative
    self.absoluteByName = absoluteByName
    self.relativeByName = relativeByName
  }

  public static let standard = Tolerances()

  /// Every tensor name that a tolerance was stated for.
  public var names: Set<String> { Set(absoluteByName.keys).union(relativeByName.keys) }

  /// The tolerance of one tensor.
  ///
  /// - Parameters:
  ///   - largestReference: the largest finite |b| of the reference.
  ///   - isExact: whether the elements are integers or Booleans, which are equal unless a tolerance is stated.
  public func tolerance(for name: String, largestReference: Double, isExact: Bool = false) -> Tolerance {
    Tolerance(
      absolute: statedAbsolute(for: name) ?? (isExact ? 0 : Self.share(ofLargest: largestReference)),
      relative: relativeByName[name] ?? relative ?? 0)
  }

  /// The absolute tolerance that somebody stated for a tensor.
  func statedAbsolute(for name: String) -> Double? { absoluteByName[name] ?? absolute }

  /// The default absolute tolerance beside references of at most this magnitude.
  static func share(ofLargest magnitude: Double) -> Double { max(defaultShare * magnitude, defaultFloor) }
}
