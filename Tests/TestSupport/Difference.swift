/// How far two lists of numbers lie apart.
public struct Difference: Sendable, CustomStringConvertible {
  /// The largest |actual − expected|; infinite where the counts differ or only one side is NaN.
  public let maximumAbsolute: Double
  /// ``maximumAbsolute`` divided by the largest |expected|.
  public let relativeToLargest: Double
  /// Where the largest difference lies.
  public let index: Int?

  public init<Number: BinaryFloatingPoint>(_ actual: [Number], _ expected: [Number]) {
    guard actual.count == expected.count else {
      maximumAbsolute = .infinity
      relativeToLargest = .infinity
      index = nil
      return
    }
    var largest = 0.0
    var largestIndex: Int?
    var scale = 0.0
    for (position, (a, b)) in zip(actual, expected).enumerated() {
      if b.isFinite { scale = max(scale, abs(Double(b))) }
      let bothSame = a == b || (a.isNaN && b.isNaN)
      let difference = bothSame ? 0 : abs(Double(a) - Double(b))
      if difference.isNaN || difference > largest {
        largest = difference.isNaN ? .infinity : difference
        largestIndex = position
      }
    }
    maximumAbsolute = largest
    relativeToLargest = largest == 0 ? 0 : largest / scale
    index = largestIndex
  }

  public var description: String {
    "max abs \(maximumAbsolute)\(index.map { " at \($0)" } ?? ""), \(relativeToLargest) of the largest"
  }
}

/// The largest |actual − expected|; infinite where the counts differ or only one side is NaN.
public func maximumAbsoluteDifference<Number: BinaryFloatingPoint>(_ actual: [Number], _ expected: [Number]) -> Double {
  Difference(actual, expected).maximumAbsolute
}
