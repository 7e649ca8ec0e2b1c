/// What a session does and holds for inputs of given extents.
public struct PlanSummary: Sendable {
  /// A stretch of the arena and the steps during which it holds something.
  public struct Activation: Hashable, Sendable {
    public let byteOffset: Int
    public let byteCount: Int
    public let steps: ClosedRange<Int>
  }

  /// What one step does.
  public struct Step: Hashable, Sendable {
    /// The node, or the last of the nodes, that it does the work of; empty where it serves an output.
    public let name: String
    public let kind: String
    /// Why a block runs as it does.
    public let reason: String?
    public let multiplyAccumulates: Int
    /// Bytes of everything it touches, weights included, each counted once.
    public let byteCount: Int
  }

  public var stepCount: Int { steps.count }
  public let steps: [Step]
  /// Activations in the order in which they are first written.
  public let activations: [Activation]
  /// Bytes of the arena that all activations share.
  public let arenaByteCount: Int
  /// Bytes of the packed weights that all sessions of the engine share.
  public let weightByteCount: Int

  init(_ plan: Plan, weightByteCount: Int) {
    steps = plan.descriptions.map {
      Step(
        name: $0.name, kind: $0.kind, reason: $0.reason, multiplyAccumulates: $0.multiplyAccumulates,
        byteCount: $0.byteCount)
    }
    activations = plan.buffers.compactMap { buffer -> Activation? in
      guard case .arena(let offset) = buffer.kind, buffer.firstStep <= buffer.lastStep else { return nil }
      return Activation(
        byteOffset: offset, byteCount: buffer.byteCount, steps: buffer.firstStep...buffer.lastStep)
    }.sorted { ($0.steps.lowerBound, $0.byteOffset) < ($1.steps.lowerBound, $1.byteOffset) }
    arenaByteCount = plan.arenaByteCount
    self.weightByteCount = weightByteCount
  }
}
