extension Tensor {
  /// Hands the content's bytes to `body`, piece after piece, in order.
  ///
  /// Bytes that lie somewhere already come as they lie, in one piece. Those that follow from another tensor's are computed into
  /// memory of the caller's, as many at a time as fit: nothing else holds them.
  ///
  /// - Parameter memory: asked before each such piece for memory that is aligned for the elements, with a number of bytes that
  ///   it has to hold at least; where it is smaller at the first time, all of the bytes are computed at once.
  public func forEachPiece(
    in memory: (_ minimum: Int) throws(ModelError) -> UnsafeMutableRawBufferPointer,
    _ body: (UnsafeRawBufferPointer) throws(ModelError) -> Void
  ) throws(ModelError) {
    guard case .bytes(let storage as DerivedStorage, let range) = content, range == 0..<storage.byteCount else {
      return try withUnsafeBytes(body)
    }
    defer { withExtendedLifetime(storage) {} }
    var start = 0
    while start < range.count {
      let space = try memory(storage.pieceAlignment)
      let fitting = space.count - space.count % storage.pieceAlignment
      guard fitting > 0 else {
        guard start == 0 else { throw ModelError(.internalFault, "the memory for pieces became smaller") }
        return try withUnsafeBytes(body)
      }
      let piece = UnsafeMutableRawBufferPointer(rebasing: space[..<min(fitting, range.count - start)])
      storage.compute(start..<start + piece.count, into: piece)
      try body(UnsafeRawBufferPointer(piece))
      start += piece.count
    }
  }
}
