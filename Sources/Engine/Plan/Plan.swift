import ModelGraph

/// What a session does for inputs of given extents.
struct Plan: Sendable {
  /// A node whose outputs are complete as soon as `step` steps have run.
  struct Observation: Sendable {
    let step: Int
    let node: Node
    let outputs: [(place: Place, type: TensorType)]
  }

  /// Where a value lies.
  enum Place: Sendable {
    /// Row-major.
    case plain(BufferID)
    /// In blocks of eight channels.
    case blocked(BufferID, MapExtents)
  }

  /// What a caller passes or receives.
  struct Port: Sendable {
    let name: String
    let type: TensorType
    let extents: [Int]
    let elementCount: Int
    /// Bytes of one element.
    let width: Int

    var byteCount: Int { elementCount * width }
  }

  /// What a step is for.
  struct StepDescription: Sendable {
    /// The node, or the last of the nodes, that it does the work of.
    let name: String
    let kind: String
    /// Why it does it so.
    let reason: String?
    let multiplyAccumulates: Int
    /// Bytes of everything that it touches, each counted once.
    let byteCount: Int
  }

  /// One stage of one step, as it runs.
  struct Stage: Sendable {
    let step: any Step
    let position: Int
    let stage: Int
    let units: Int
  }

  let inputs: [Port]
  let outputs: [Port]
  let buffers: [Buffer]
  let steps: [any Step]
  let descriptions: [StepDescription]
  let stages: [Stage]
  let observations: [Observation]
  /// Scales found while running; one that is NaN says that there was none.
  let computedScales: [(buffer: BufferID, node: Node)]
  let arenaByteCount: Int

  init(
    inputs: [Port], outputs: [Port], buffers: [Buffer], steps: [any Step], descriptions: [StepDescription],
    observations: [Observation], computedScales: [(buffer: BufferID, node: Node)], arenaByteCount: Int
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.buffers = buffers
    self.steps = steps
    self.descriptions = descriptions
    self.observations = observations
    self.computedScales = computedScales
    self.arenaByteCount = arenaByteCount
    stages = steps.enumerated().flatMap { position, step in
      step.stages.enumerated().map { Stage(step: step, position: position, stage: $0, units: $1) }
    }
  }
}
