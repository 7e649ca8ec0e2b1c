import ModelGraph

/// What is known of a model's parameters: whether all are finite.
enum Finiteness: Sendable {
  /// Nobody has asked; they may hold what is not.
  case unknown
  /// A thread looks at them.
  case awaited(FiniteCheck)
  case known

  /// Waits for the answer where one is awaited.
  ///
  /// - Throws: `.nonFinite` as the check does.
  func require() throws(ModelError) {
    if case .awaited(let check) = self { try check.require() }
  }
}
