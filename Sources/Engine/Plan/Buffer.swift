/// Names a buffer within one plan.
struct BufferID: Hashable, Sendable {
  let index: Int
}

/// A run of floats that steps read and write.
struct Buffer: Sendable {
  enum Kind: Sendable {
    /// A place in the arena, `offset` floats from its start once the arena is laid out.
    case arena(offset: Int)
    case constant(AlignedFloats)
    /// The caller's tensor of this position.
    case input(Int)
    case output(Int)
  }

  var kind: Kind
  let floats: Int
  /// The first and last step that touches it.
  var firstStep = Int.max
  var lastStep = Int.min
}
