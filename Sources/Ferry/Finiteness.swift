import FormatSupport
import ModelGraph

/// What is known of a model's parameters: whether all are finite.
enum Finiteness: Sendable {
  /// Nobody has asked; they may hold what is not.
  case unknown
  /// A thread looks at them.
  case awaited(BackgroundWork<Result<Void, ModelError>>)
  case known

  /// Waits for the answer where one is awaited.
  ///
  /// - Throws: `.nonFinite` naming the first constant that is not, and the node that reads it.
  func require() throws(ModelError) {
    if case .awaited(let check) = self { try check.value.get() }
  }
}
