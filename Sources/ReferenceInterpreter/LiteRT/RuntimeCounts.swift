import ModelGraph

/// Real numbers brought to int8 counts row by row, as they come.
struct RuntimeCounts {
  /// Counts less their row's zero point.
  private(set) var offsets: [Int32] = []
  /// One a row.
  private(set) var scales: [Float] = []

  init(_ values: [Float], rows: Int, _ quantization: InputQuantization) {
    let length = rows > 0 ? values.count / rows : 0
    offsets.reserveCapacity(values.count)
    for row in 0..<rows {
      let slice = values[(row * length)..<((row + 1) * length)]
      switch quantization {
      case .symmetric: appendSymmetric(slice)
      case .asymmetric: appendAsymmetric(slice)
      }
    }
  }

  /// q = round(x · 127/m), m = max |x|; the scale is m / 127.
  ///
  /// Source: `PortableSymmetricQuantizeFloats` in reference/portable_tensor_utils.cc.
  private mutating func appendSymmetric(_ row: ArraySlice<Float>) {
    let largest = row.reduce(0) { max($0, abs($1)) }
    guard largest > 0, largest.isFinite else { return appendZeros(row.count) }
    scales.append(largest / 127)
    let inverse = 127 / largest
    for x in row { offsets.append(Self.rounded(x * inverse, -127...127)) }
  }

  /// q = round(z + x / s), s = (max(x, 0) − min(x, 0)) / 255; of the zero points −128 − min/s and 127 − max/s the one nearer to
  /// its end, rounded.
  ///
  /// Source: `PortableAsymmetricQuantizeFloats` in reference/portable_tensor_utils.cc.
  private mutating func appendAsymmetric(_ row: ArraySlice<Float>) {
    let smallest = Double(row.reduce(0) { min($0, $1) })
    let largest = Double(row.reduce(0) { max($0, $1) })
    guard largest > smallest, largest.isFinite, smallest.isFinite else { return appendZeros(row.count) }
    let scale = (largest - smallest) / 255
    let fromSmallest = -128 - smallest / scale
    let fromLargest = 127 - largest / scale
    let exact = 128 + abs(smallest / scale) < 127 + abs(largest / scale) ? fromSmallest : fromLargest
    let zeroPoint = Int32(min(max(exact.rounded(.toNearestOrAwayFromZero), -128), 127))
    scales.append(Float(scale))
    let inverse = 1 / Float(scale)
    for x in row { offsets.append(Self.rounded(Float(zeroPoint) + x * inverse, -128...127) - zeroPoint) }
  }

  private mutating func appendZeros(_ count: Int) {
    scales.append(1)
    offsets.append(contentsOf: repeatElement(0, count: count))
  }

  private static func rounded(_ x: Float, _ range: ClosedRange<Int32>) -> Int32 {
    let whole = Int32(exactly: x.rounded(.toNearestOrAwayFromZero)) ?? (x < 0 ? range.lowerBound : range.upperBound)
    return min(max(whole, range.lowerBound), range.upperBound)
  }
}
