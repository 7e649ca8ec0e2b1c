import Synchronization

/// Bytes that follow from another tensor's, computed where somebody reads them.
///
/// Whoever takes them in order, as a file is written, has them piece by piece in a buffer of its own
/// (``Tensor/forEachPiece(in:_:)``), and no memory ever holds all of them. Everybody else finds them whole in ``bytes``, computed
/// at the first use and kept from then on.
final class DerivedStorage: TensorStorage {
  private let derivation: any TensorDerivation
  private let whole = Mutex<OwnedStorage?>(nil)

  init(_ derivation: some TensorDerivation) { self.derivation = derivation }

  var byteCount: Int { derivation.byteCount }

  var bytes: UnsafeRawBufferPointer {
    whole.withLock { whole in
      if let whole { return whole.bytes }
      let computed = OwnedStorage(uninitializedByteCount: byteCount) { compute(0..<byteCount, into: $0) }
      whole = computed
      return computed.bytes
    }
  }

  /// Where the bytes lie that everything follows from.
  var root: any TensorStorage {
    var source = derivation.source
    while let derived = source as? DerivedStorage { source = derived.derivation.source }
    return source
  }

  /// No float32 number of it has a larger magnitude.
  var float32Bound: Float { derivation.float32Bound }

  /// Computed pieces begin at multiples of this many bytes.
  var pieceAlignment: Int { derivation.pieceAlignment }

  /// Computes bytes `range` into the memory of `target`, which is as large and aligned for any element; nothing is kept.
  func compute(_ range: Range<Int>, into target: UnsafeMutableRawBufferPointer) {
    derivation.compute(range, into: target)
  }
}
