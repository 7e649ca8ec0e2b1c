#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension ComparisonMetrics {
  /// Compares `values` with `reference`, element by element; both row-major with rows of `rowLength`, `differences` what
  /// lies between them.
  ///
  /// The counts must be equal, which the caller has checked by shape; elements beyond the shortest list are not compared.
  init(_ values: [Double], reference: [Double], differences: [Double], rowLength: Int?) {
    elementCount = min(values.count, reference.count, differences.count)
    maximumAbsolute = 0
    largestReference = 0
    worstIndex = nil
    worstValue = 0
    worstReference = 0
    nonFiniteMismatches = 0
    var absoluteSum = 0.0
    var squareSum = 0.0
    var (products, valueSquares, referenceSquares, finiteSquareSum) = (0.0, 0.0, 0.0, 0.0)
    for index in 0..<elementCount {
      let (a, b) = (values[index], reference[index])
      if b.isFinite { largestReference = max(largestReference, abs(b)) }
      let difference = differences[index]
      absoluteSum += difference
      squareSum += difference * difference
      if difference > maximumAbsolute {
        (maximumAbsolute, worstIndex, worstValue, worstReference) = (difference, index, a, b)
      }
      if !difference.isFinite { nonFiniteMismatches += 1 }
      guard a.isFinite, b.isFinite else { continue }
      products += a * b
      valueSquares += a * a
      referenceSquares += b * b
      finiteSquareSum += difference * difference
    }
    let count = Double(max(elementCount, 1))
    meanAbsolute = absoluteSum / count
    rootMeanSquare = (squareSum / count).squareRoot()
    let norm = valueSquares.squareRoot() * referenceSquares.squareRoot()
    cosineSimilarity = norm > 0 ? products / norm : valueSquares == referenceSquares ? 1 : 0
    signalToNoise =
      finiteSquareSum == 0
      ? .infinity : referenceSquares == 0 ? -.infinity : 10 * log10(referenceSquares / finiteSquareSum)
    top1Agreement = nil
    top5Agreement = nil
    if let rowLength, rowLength > 1, elementCount > 0 {
      top1Agreement = Self.agreement(values, reference, rowLength: rowLength, largest: 1)
      if rowLength > 5 { top5Agreement = Self.agreement(values, reference, rowLength: rowLength, largest: 5) }
    }
  }

  /// |a − b|; zero for the same NaN or infinity, infinite where only one side is not finite.
  static func difference(_ a: Double, _ b: Double) -> Double {
    if a == b || (a.isNaN && b.isNaN) { return 0 }
    let difference = abs(a - b)
    return difference.isNaN ? .infinity : difference
  }

  private static func agreement(_ a: [Double], _ b: [Double], rowLength: Int, largest count: Int) -> Double {
    let rows = min(a.count, b.count) / rowLength
    guard rows > 0 else { return 1 }
    var shared = 0
    for row in 0..<rows {
      let range = (row * rowLength)..<((row + 1) * rowLength)
      let first = topIndices(a[range], count)
      for index in topIndices(b[range], count) where first.contains(index) { shared += 1 }
    }
    return Double(shared) / Double(rows * count)
  }

  /// The indices of the `count` largest elements, NaN below everything, the earlier of equals first.
  static func topIndices(_ row: ArraySlice<Double>, _ count: Int) -> [Int] {
    var best: [Int] = []
    for index in row.indices {
      let value = row[index].isNaN ? -Double.infinity : row[index]
      if best.count == count, let last = best.last, !(value > row[last]) { continue }
      var place = best.count
      while place > 0, value > row[best[place - 1]] || row[best[place - 1]].isNaN { place -= 1 }
      best.insert(index, at: place)
      if best.count > count { best.removeLast() }
    }
    return best
  }
}
