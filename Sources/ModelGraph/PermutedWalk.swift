import CReordering

/// A walk through a target in row-major order whose axes lie `strides` elements apart in the source.
struct PermutedWalk {
  private let extents: [Int]
  private let strides: [Int]
  /// Of an element, in bytes: 1, 2, 4 or 8.
  private let width: Int

  /// - Parameters:
  ///   - extents: the source's.
  ///   - order: its axes of more than one element in the target's order, at least two, not in the order of the source.
  ///   - width: of an element, in bytes: 1, 2, 4 or 8.
  init(extents: [Int], order: [Int], width: Int) {
    var strides = [Int](repeating: 1, count: extents.count)
    for axis in stride(from: extents.count - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * extents[axis + 1]
    }
    self.extents = order.map { extents[$0] }
    self.strides = order.map { strides[$0] }
    self.width = width
  }

  /// Bytes of the target for each index of its first axis.
  var rowByteCount: Int { extents.dropFirst().reduce(width, *) }

  /// Writes the rows of some indices of the first axis, at the beginning of `target`.
  ///
  /// The last axis and the one whose neighbours are neighbours in the source make planes, which are copied whole. The other axes
  /// are counted as an odometer does.
  func copy(_ rows: Range<Int>, from source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer) {
    guard let read = source.baseAddress, let written = target.baseAddress else { return }
    var extents = extents
    extents[0] = rows.count
    let last = extents.count - 1
    let dense = strides.indices.min { strides[$0] < strides[$1] } ?? last
    var steps = [Int](repeating: 1, count: extents.count)
    for axis in stride(from: last - 1, through: 0, by: -1) { steps[axis] = steps[axis + 1] * extents[axis + 1] }
    let outer = extents.indices.filter { $0 != last && $0 != dense }
    var index = [Int](repeating: 0, count: extents.count)
    var from = rows.lowerBound * strides[0]
    var to = 0
    while true {
      if dense == last {
        (written + to * width).copyMemory(from: read + from * width, byteCount: extents[last] * width)
      } else {
        ferry_transpose_plane(
          read + from * width, strides[last] * width, written + to * width, steps[dense] * width, extents[dense],
          extents[last], width)
      }
      var position = outer.count - 1
      while position >= 0 {
        let axis = outer[position]
        index[axis] += 1
        from += strides[axis]
        to += steps[axis]
        if index[axis] < extents[axis] { break }
        from -= strides[axis] * extents[axis]
        to -= steps[axis] * extents[axis]
        index[axis] = 0
        position -= 1
      }
      if position < 0 { return }
    }
  }
}
