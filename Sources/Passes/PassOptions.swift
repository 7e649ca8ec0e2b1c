/// Which passes of a pipeline run.
public struct PassOptions: Sendable, Hashable {
  /// Passes to leave out.
  public var skipped: Set<String>
  /// The only passes to run; nil: all.
  public var only: Set<String>?
  /// The last pass to run; nil: to the end.
  public var stopAfter: String?

  public init(skipped: Set<String> = [], only: Set<String>? = nil, stopAfter: String? = nil) {
    self.skipped = skipped
    self.only = only
    self.stopAfter = stopAfter
  }
}
