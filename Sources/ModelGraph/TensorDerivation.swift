/// How a tensor's bytes follow from another's.
protocol TensorDerivation: Sendable {
  var source: any TensorStorage { get }
  var byteCount: Int { get }
  /// Ranges begin at multiples of this many bytes, and end at one or at the end.
  var pieceAlignment: Int { get }
  /// No float32 number of it has a larger magnitude; NaN or infinite where one of the source is.
  var float32Bound: Float { get }
  /// Computes bytes `range` into the memory of `target`, which is as large and aligned for any element: every one of them.
  func compute(_ range: Range<Int>, into target: UnsafeMutableRawBufferPointer)
}
