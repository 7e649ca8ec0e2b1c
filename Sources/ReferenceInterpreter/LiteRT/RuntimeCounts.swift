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

  /// q = round(x · (127/m)), m = max |x|, in float32; the scale is m / 127.
  ///
  /// Source: `PortableSymmetricQuantizeFloats` in reference/portable_tensor_utils.cc.
  private mutating func appendSymmetric(_ row: ArraySlice<Float>) {
    let largest = row.reduce(0) { max($0, abs($1)) }
    guard largest > 0, largest.isFinite else { return appendZeros(row.count) }
    scales.append(largest / 127)
    let inverse = 127 / largest
    for x in row { offsets.append(min(max(Self.rounded(x * inverse), -127), 127)) }
  }

  /// q = z + round(x · (1/s)) in float32, s = (max(x, 0) − min(x, 0)) / 255, the difference a float32; of the zero points
  /// −128 − min/s and 127 − max/s the one that is nearer to its end, rounded.
  ///
  /// Source: `PortableAsymmetricQuantizeFloats` in reference/portable_tensor_utils.cc, whose zero point is added behind the rounding
  /// in the packages for x86.
  private mutating func appendAsymmetric(_ row: ArraySlice<Float>) {
    let smallest = row.reduce(0) { min($0, $1) }
    let largest = row.reduce(0) { max($0, $1) }
    let range = largest - smallest
    guard range > 0, range.isFinite else { return appendZeros(row.count) }
    let scale = Double(range) / 255
    let (low, high) = (Double(smallest) / scale, Double(largest) / scale)
    let exact = 128 + abs(low) < 127 + abs(high) ? -128 - low : 127 - high
    let zeroPoint = Int32(min(max(exact.rounded(.toNearestOrAwayFromZero), -128), 127))
    scales.append(Float(scale))
    let inverse = 1 / Float(scale)
    for x in row { offsets.append(min(max(Self.rounded(x * inverse) &+ zeroPoint, -128), 127) - zeroPoint) }
  }

  private mutating func appendZeros(_ count: Int) {
    scales.append(1)
    offsets.append(contentsOf: repeatElement(0, count: count))
  }

  /// x with one half more, cut towards zero, as the packages' kernels round: the sum is a float32, so that the number just below a
  /// half is rounded away from zero too. Beyond 24 bits only the side matters.
  private static func rounded(_ x: Float) -> Int32 {
    let limit: Float = 0x1p24
    return Int32(exactly: min(max((x + (x < 0 ? -0.5 : 0.5)).rounded(.towardZero), -limit), limit)) ?? 0
  }
}
