/// How an engine runs its graph.
public struct EngineOptions: Hashable, Sendable {
  /// Which of the machine's instructions the kernels may use.
  public var instructionSet: InstructionSet
  /// The most bytes that the activations of one session may take.
  public var arenaLimit: Int

  public init(instructionSet: InstructionSet = .automatic, arenaLimit: Int = 1 << 34) {
    self.instructionSet = instructionSet
    self.arenaLimit = arenaLimit
  }
}
