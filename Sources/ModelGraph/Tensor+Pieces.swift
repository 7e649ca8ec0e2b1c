extension Tensor {
  /// Hands the content's bytes to `body`, piece after piece, in order.
  ///
  /// Bytes that lie somewhere already come as they lie, in one piece. Those that follow from another tensor's are computed into
  /// `buffer`, as many at a time as fit: no memory but the buffer is needed for them.
  public func forEachPiece(
    in buffer: UnsafeMutableRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws(ModelError) -> Void
  ) throws(ModelError) {
    guard case .bytes(let storage as DerivedStorage, let range) = content, range == 0..<storage.byteCount,
      storage.pieceAlignment <= buffer.count
    else { return try withUnsafeBytes(body) }
    defer { withExtendedLifetime(storage) {} }
    let step = buffer.count - buffer.count % storage.pieceAlignment
    for start in stride(from: 0, to: range.count, by: step) {
      let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(step, range.count - start)])
      storage.compute(start..<start + piece.count, into: piece)
      try body(UnsafeRawBufferPointer(piece))
    }
  }
}
