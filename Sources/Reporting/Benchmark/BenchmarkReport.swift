/// How fast a model runs, and what takes the time.
public struct BenchmarkReport: Sendable {
  /// One step of the engine's plan.
  public struct Step: Sendable {
    public var name: String
    public var kind: String
    /// Why a block runs as it does; nil where there was no choice.
    public var reason: String?
    /// The least of several runs on one thread.
    public var seconds: Double
    public var multiplyAccumulates: Int
    /// Bytes of activations and weights that it touches, each counted once.
    public var byteCount: Int

    public init(
      name: String, kind: String, reason: String?, seconds: Double, multiplyAccumulates: Int, byteCount: Int
    ) {
      self.name = name
      self.kind = kind
      self.reason = reason
      self.seconds = seconds
      self.multiplyAccumulates = multiplyAccumulates
      self.byteCount = byteCount
    }
  }

  public var file: String
  public var threads: Int
  public var instructionSet: String
  /// From the file's bytes to a canonical graph.
  public var loadSeconds: Double
  /// From the graph to an engine that is ready.
  public var engineSeconds: Double
  public var firstRunSeconds: Double
  /// Of the runs that follow, in order.
  public var latencies: [Double]
  /// The most memory that the process held; nil where the system does not say.
  public var peakResidentBytes: Int?
  public var arenaBytes: Int
  public var weightBytes: Int
  /// Of one core, measured; zero where it was not.
  public var cyclesPerSecond: Double
  public var peakMultiplyAccumulatesPerSecond: Double
  public var steps: [Step]
  /// Whether the reasons are shown to people.
  public var isPlanExplained: Bool

  public init(
    file: String, threads: Int, instructionSet: String, loadSeconds: Double, engineSeconds: Double,
    firstRunSeconds: Double, latencies: [Double], peakResidentBytes: Int?, arenaBytes: Int, weightBytes: Int,
    cyclesPerSecond: Double, peakMultiplyAccumulatesPerSecond: Double, steps: [Step], isPlanExplained: Bool
  ) {
    self.file = file
    self.threads = threads
    self.instructionSet = instructionSet
    self.loadSeconds = loadSeconds
    self.engineSeconds = engineSeconds
    self.firstRunSeconds = firstRunSeconds
    self.latencies = latencies
    self.peakResidentBytes = peakResidentBytes
    self.arenaBytes = arenaBytes
    self.weightBytes = weightBytes
    self.cyclesPerSecond = cyclesPerSecond
    self.peakMultiplyAccumulatesPerSecond = peakMultiplyAccumulatesPerSecond
    self.steps = steps
    self.isPlanExplained = isPlanExplained
  }

  /// The latency that a share of the runs does not exceed (nearest rank); zero without runs.
  public func latency(quantile: Double) -> Double {
    let sorted = latencies.sorted()
    guard !sorted.isEmpty else { return 0 }
    let rank = (quantile * Double(sorted.count)).rounded(.up)
    return sorted[min(max(Int(rank) - 1, 0), sorted.count - 1)]
  }

  public var minimum: Double { latencies.min() ?? 0 }
  /// Of an even number of runs the mean of the two in the middle; zero without runs.
  public var median: Double {
    let sorted = latencies.sorted()
    guard !sorted.isEmpty else { return 0 }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
  /// Runs a second, at the median.
  public var throughput: Double { median > 0 ? 1 / median : 0 }

  func multiplyAccumulatesPerCycle(_ step: Step) -> Double {
    step.seconds > 0 && cyclesPerSecond > 0 ? Double(step.multiplyAccumulates) / step.seconds / cyclesPerSecond : 0
  }

  func shareOfPeak(_ step: Step) -> Double {
    guard step.seconds > 0, peakMultiplyAccumulatesPerSecond > 0 else { return 0 }
    return Double(step.multiplyAccumulates) / step.seconds / peakMultiplyAccumulatesPerSecond
  }
}
