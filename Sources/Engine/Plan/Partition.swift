/// `count` things in `parts` runs as even as can be, the longer ones first.
struct Partition: Sendable {
  let count: Int
  let parts: Int

  init(_ count: Int, into parts: Int) {
    self.count = count
    self.parts = max(parts, 1)
  }

  /// The things of one part.
  subscript(_ part: Int) -> Range<Int> { start(part)..<start(part + 1) }

  /// The things of neighbouring parts.
  subscript(_ parts: Range<Int>) -> Range<Int> { start(parts.lowerBound)..<start(parts.upperBound) }

  private func start(_ part: Int) -> Int { part * (count / parts) + min(part, count % parts) }
}
