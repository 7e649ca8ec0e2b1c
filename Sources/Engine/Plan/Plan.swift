import ModelGraph

/// What a session does for inputs of given extents.
struct Plan: Sendable {
  /// A node whose outputs are complete as soon as `step` steps have run.
  struct Observation: Sendable {
    let step: Int
    let node: Node
    let outputs: [(place: Place, extents: [Int])]
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
    let floats: Int
  }

  let inputs: [Port]
  let outputs: [Port]
  let buffers: [Buffer]
  let steps: [any Step]
  let observations: [Observation]
  let arenaFloats: Int
}
