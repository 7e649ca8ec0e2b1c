/// Names a buffer within one plan.
struct BufferID: Hashable, Sendable {
  let index: Int
}

/// A run of elements of one width that steps read and write.
struct Buffer: Sendable {
  enum Kind: Sendable {
    /// A place in the arena, `offset` bytes from its start once the arena is laid out.
    case arena(offset: Int)
    case constant(AlignedMemory)
    /// The caller's tensor of this position.
    case input(Int)
    case output(Int)
  }

  var kind: Kind
  /// The buffer in the arena that this one is a part of, and the bytes of it before it.
  var whole: (buffer: BufferID, byteOffset: Int)?
  let byteCount: Int
  /// Bytes of one element.
  let width: Int
  /// The first and last step that touches it.
  var firstStep = Int.max
  var lastStep = Int.min

  init(kind: Kind, byteCount: Int, width: Int) {
    self.kind = kind
    self.byteCount = byteCount
    self.width = width
  }
}
