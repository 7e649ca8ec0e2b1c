import Passes

/// How a model is brought to canonical form.
public struct ConversionOptions: Hashable, Sendable {
  /// Passes to leave out, by name.
  public var skippedPasses: Set<String>
  /// The only passes to run; nil: all.
  public var onlyPasses: Set<String>?
  /// The last pass to run; nil: to the end.
  public var lastPass: String?
  /// Whether weights that are NaN or infinite are let through.
  public var allowsNonFinite: Bool

  public init(
    skippedPasses: Set<String> = [], onlyPasses: Set<String>? = nil, lastPass: String? = nil,
    allowsNonFinite: Bool = false
  ) {
    self.skippedPasses = skippedPasses
    self.onlyPasses = onlyPasses
    self.lastPass = lastPass
    self.allowsNonFinite = allowsNonFinite
  }

  public static let standard = ConversionOptions()

  /// The names of all passes, in their order.
  public static var passNames: [String] { PassPipeline.canonical.passNames }

  /// Whether every pass runs, so that the result is canonical.
  var isComplete: Bool { skippedPasses.isEmpty && onlyPasses == nil && lastPass == nil }
}
