import ModelGraph

/// Gives buffers that live at the same time places that do not overlap, in little memory.
enum ArenaLayout {
  /// A buffer's size in floats and the steps from its first write to its last read.
  struct Request: Sendable {
    let floats: Int
    let lifetime: ClosedRange<Int>
  }

  /// Places start at multiples of this many floats: a cache line.
  static let granule = 16

  /// Offsets in floats, one a request, and the floats that all take together.
  ///
  /// Largest first, each at the lowest offset that is free for its whole lifetime (greedy by size; arXiv:2001.03288).
  ///
  /// - Throws: `.unsupported` when the sum does not fit in memory addresses.
  static func offsets(_ requests: [Request]) throws(ModelError) -> (offsets: [Int], total: Int) {
    var offsets = [Int](repeating: 0, count: requests.count)
    let order = requests.indices.sorted { (requests[$0].floats, $1) > (requests[$1].floats, $0) }
    var placed: [Int] = []  // by offset
    var total = 0
    for index in order {
      let request = requests[index]
      guard request.floats < 1 << 50 else {
        throw ModelError(.unsupported, "an activation of \(request.floats) floats")
      }
      let size = (request.floats + granule - 1) / granule * granule
      var offset = 0
      for other in placed where requests[other].lifetime.overlaps(request.lifetime) {
        if offsets[other] >= offset + size { break }
        let end = offsets[other] + (requests[other].floats + granule - 1) / granule * granule
        offset = max(offset, end)
      }
      offsets[index] = offset
      let position = placed.firstIndex { offsets[$0] > offset } ?? placed.count
      placed.insert(index, at: position)
      let (end, overflow) = offset.addingReportingOverflow(size)
      guard !overflow, end < 1 << 52 else { throw ModelError(.unsupported, "activations beyond any memory") }
      total = max(total, end)
    }
    return (offsets, total)
  }
}
