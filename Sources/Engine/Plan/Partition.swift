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

  /// How many parts of `count` things several lanes are to share: some more than lanes, so that the slower one does fewer.
  static func parts(of count: Int, lanes: Int) -> Int { lanes == 1 ? 1 : max(min(count, 4 * lanes), 1) }

  private func start(_ part: Int) -> Int { part * (count / parts) + min(part, count % parts) }
}
