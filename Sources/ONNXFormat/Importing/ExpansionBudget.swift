internal import ModelGraph

/// What importing one file may make of parts that the file holds once and uses as often as it likes: the names of a node's
/// parts, the bodies of functions, constants of another type.
final class ExpansionBudget {
  static let byteCount = 1 << 28
  private var bytesLeft = byteCount

  /// Charges what is about to be made.
  ///
  /// - Throws: `.malformed` where all of it together takes more than ``byteCount``.
  func spend(_ byteCount: Int) throws(ModelError) {
    guard byteCount <= bytesLeft else {
      throw ModelError(
        .malformed,
        "names, functions and constants are used so often that more than \(Self.byteCount >> 20) MiB would come of "
          + "them")
    }
    bytesLeft -= byteCount
  }
}
