/// How an engine runs its graph.
public struct EngineOptions: Hashable, Sendable {
  /// Which of the machine's instructions the kernels may use.
  public var instructionSet: InstructionSet
  /// The most bytes that the activations of one session may take.
  public var arenaLimit: Int
  /// Threads that share the work of one run, from 1; the results are the same bits for every number.
  public var threads: Int
  /// How blocks of convolutions run; the results are the same bits for every strategy.
  public var blockStrategy: BlockStrategy

  public init(
    instructionSet: InstructionSet = .automatic, arenaLimit: Int = 1 << 34, threads: Int = 1,
    blockStrategy: BlockStrategy = .automatic
  ) {
    self.instructionSet = instructionSet
    self.arenaLimit = arenaLimit
    self.threads = threads
    self.blockStrategy = blockStrategy
  }
}
