/// A walk through a target in row-major order whose axes lie `strides` elements apart in the source.
struct PermutedWalk {
  private let extents: [Int]
  private let strides: [Int]

  /// - Parameters:
  ///   - extents: the source's.
  ///   - order: its axes of more than one element in the target's order, at least two, not in the order of the source.
  init(extents: [Int], order: [Int]) {
    var strides = [Int](repeating: 1, count: extents.count)
    for axis in stride(from: extents.count - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * extents[axis + 1]
    }
    self.extents = order.map { extents[$0] }
    self.strides = order.map { strides[$0] }
  }

  /// Elements of the target for each index of its first axis.
  var rowElementCount: Int { extents.dropFirst().reduce(1, *) }

  /// Writes the rows of some indices of the first axis, at the beginning of `target`.
  ///
  /// Tiles of the last axis and of the one whose neighbours are neighbours in the source: both sides then use whole cache
  /// lines. The other axes are counted as an odometer does.
  func copy<Element: SIMDScalar & BitwiseCopyable>(
    _ rows: Range<Int>, from source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer, as: Element.Type
  ) {
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
        let width = MemoryLayout<Element>.size
        UnsafeMutableRawBufferPointer(rebasing: target[(to * width)...])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[from * width..<(from + extents[last]) * width]))
      } else {
        copyTiles(
          from: source, from, to: target, to, step: steps[dense], rows: extents[dense], columns: extents[last],
          apart: strides[last], as: Element.self)
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

  /// One plane: `rows` neighbours of the source, `step` elements apart in the target, by `columns` neighbours of the target,
  /// `apart` elements apart in the source.
  private func copyTiles<Element: SIMDScalar & BitwiseCopyable>(
    from source: UnsafeRawBufferPointer, _ from: Int, to target: UnsafeMutableRawBufferPointer, _ to: Int, step: Int,
    rows: Int, columns: Int, apart: Int, as: Element.Type
  ) {
    guard let sourceStart = source.baseAddress, let targetStart = target.baseAddress else { return }
    let width = MemoryLayout<Element>.size
    let read = sourceStart + from * width
    let written = targetStart + to * width
    // Four by four where that goes: four loads, four stores and the shuffles between them.
    let blockRows = rows - rows % 4
    let blockColumns = columns - columns % 4
    let tile = 16
    for tileColumn in stride(from: 0, to: blockColumns, by: tile) {
      for tileRow in stride(from: 0, to: blockRows, by: tile) {
        for column in stride(from: tileColumn, to: min(tileColumn + tile, blockColumns), by: 4) {
          for row in stride(from: tileRow, to: min(tileRow + tile, blockRows), by: 4) {
            Self.copyBlock(
              from: read + (row + column * apart) * width, apart: apart * width,
              to: written + (row * step + column) * width, step: step * width, as: Element.self)
          }
        }
      }
    }
    for column in 0..<columns {
      for row in (column < blockColumns ? blockRows : 0)..<rows {
        let element = (read + (row + column * apart) * width).loadUnaligned(as: Element.self)
        (written + (row * step + column) * width).storeBytes(of: element, as: Element.self)
      }
    }
  }

  /// Four elements each from four places, to four places: column by column becomes row by row. Distances in bytes.
  private static func copyBlock<Element: SIMDScalar & BitwiseCopyable>(
    from read: UnsafeRawPointer, apart: Int, to written: UnsafeMutableRawPointer, step: Int, as: Element.Type
  ) {
    typealias Four = SIMD4<Element>
    let a = read.loadUnaligned(as: Four.self)
    let b = (read + apart).loadUnaligned(as: Four.self)
    let c = (read + 2 * apart).loadUnaligned(as: Four.self)
    let d = (read + 3 * apart).loadUnaligned(as: Four.self)
    written.storeBytes(of: Four(a[0], b[0], c[0], d[0]), as: Four.self)
    (written + step).storeBytes(of: Four(a[1], b[1], c[1], d[1]), as: Four.self)
    (written + 2 * step).storeBytes(of: Four(a[2], b[2], c[2], d[2]), as: Four.self)
    (written + 3 * step).storeBytes(of: Four(a[3], b[3], c[3], d[3]), as: Four.self)
  }
}
