import ModelGraph

/// Gives buffers that live at the same time places that do not overlap, in little memory.
enum ArenaLayout {
  /// A buffer's size in bytes and the steps from its first write to its last read.
  struct Request: Sendable {
    let byteCount: Int
    let lifetime: ClosedRange<Int>
  }

  /// Places start at multiples of this many bytes: a cache line.
  static let granule = 64

  /// Offsets in bytes, one a request, and the bytes that all take together.
  ///
  /// Largest first, each at the lowest offset that is free for its whole lifetime (greedy by size; arXiv:2001.03288).
  ///
  /// - Throws: `.unsupported` when the sum does not fit in memory addresses.
  static func offsets(_ requests: [Request]) throws(ModelError) -> (offsets: [Int], total: Int) {
    var offsets = [Int](repeating: 0, count: requests.count)
    let order = requests.indices.sorted { (requests[$0].byteCount, $1) > (requests[$1].byteCount, $0) }
    var placed: [Int] = []  // by offset
    var total = 0
    for index in order {
      let request = requests[index]
      guard request.byteCount < 1 << 52 else {
        throw ModelError(.unsupported, "an activation of \(request.byteCount) bytes")
      }
      let size = (request.byteCount + granule - 1) / granule * granule
      var offset = 0
      for other in placed where requests[other].lifetime.overlaps(request.lifetime) {
        if offsets[other] >= offset + size { break }
        let end = offsets[other] + (requests[other].byteCount + granule - 1) / granule * granule
        offset = max(offset, end)
      }
      offsets[index] = offset
      let position = placed.firstIndex { offsets[$0] > offset } ?? placed.count
      placed.insert(index, at: position)
      let (end, overflow) = offset.addingReportingOverflow(size)
      guard !overflow, end < 1 << 54 else { throw ModelError(.unsupported, "activations beyond any memory") }
      total = max(total, end)
    }
    return (offsets, total)
  }
}
