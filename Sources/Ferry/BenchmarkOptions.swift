public import Engine

/// What is measured.
public struct BenchmarkOptions: Hashable, Sendable {
  /// Runs behind the first, from 1.
  public var runs: Int
  /// How the engine runs.
  public var engine: EngineOptions
  /// Whether each step is timed too.
  public var measuresSteps: Bool
  public var isPlanExplained: Bool

  public init(
    runs: Int = 100, engine: EngineOptions = EngineOptions(), measuresSteps: Bool = true, isPlanExplained: Bool = false
  ) {
    self.runs = runs
    self.engine = engine
    self.measuresSteps = measuresSteps
    self.isPlanExplained = isPlanExplained
  }
}
