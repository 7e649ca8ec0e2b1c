import ModelGraph

extension Evaluation {
  /// f over all elements that differ only in the reduced axes; over no axes, of each element alone.
  ///
  /// Over nothing a sum is 0, a product 1, a maximum the smallest value of the type, a minimum the largest, a mean NaN. Integers
  /// wrap around, their mean and their norm are cut towards zero. A maximum or minimum with NaN is NaN; of Booleans it is or,
  /// and.
  /// Source: the ONNX operators ReduceMean, ReduceSum, ReduceMax, ReduceMin, ReduceProd, ReduceL2, ReduceSumSquare, ReduceL1.
  func reduce(_ op: Reduce) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    let (rows, length) = try rowsOfReducedAxes(x, op.axes)
    let count = try Self.product(try outputExtents())
    if x.elementType.isFloatingPoint {
      let values = try rows.doubles()
      return try result((0..<count).map { Self.real(op.function, values[($0 * length)..<(($0 + 1) * length)]) })
    }
    let isOrdering = op.function == .maximum || op.function == .minimum
    guard x.elementType.isInteger || (x.elementType == .bool && isOrdering) else {
      throw ModelError(.unsupported, "the \(op.function.rawValue) of \(x.elementType.name) elements")
    }
    let values = try rows.integers()
    var y: [Int] = []
    for row in 0..<count {
      y.append(try Self.integer(op.function, values[(row * length)..<((row + 1) * length)], x.elementType))
    }
    return try result(y)
  }

  /// The index of the largest or smallest element along an axis: of the first of equals, or of the last. NaN is beyond every
  /// number, in both directions.
  ///
  /// Source: ONNX ArgMax and ArgMin; `numpy.argmax` for NaN.
  func argExtremum(_ op: ArgExtremum) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    let (rows, length) = try rowsOfReducedAxes(x, [op.axis])
    guard length > 0 else { throw ModelError(.malformed, "the extremum of an axis without elements") }
    let count = try Self.product(try outputExtents())
    let isMaximum = op.kind == .maximum
    if x.elementType.isFloatingPoint {
      let values = try rows.doubles()
      return try result(
        (0..<count).map { row in
          Self.position(values[(row * length)..<((row + 1) * length)], takesLast: op.takesLast) { a, b in
            if a.isNaN || b.isNaN { return a.isNaN && !b.isNaN }
            return isMaximum ? a > b : a < b
          }
        })
    }
    let values = try rows.integers()
    return try result(
      (0..<count).map { row in
        Self.position(values[(row * length)..<((row + 1) * length)], takesLast: op.takesLast) { a, b in
          isMaximum ? a > b : a < b
        }
      })
  }

  /// The position of the element that no other one goes before.
  private static func position<Number>(
    _ row: ArraySlice<Number>, takesLast: Bool, goesBefore: (Number, Number) -> Bool
  ) -> Int {
    var best = row.startIndex
    for index in row.indices.dropFirst() {
      if goesBefore(row[index], row[best]) || (takesLast && !goesBefore(row[best], row[index])) { best = index }
    }
    return best - row.startIndex
  }

  /// The elements with the reduced axes innermost, and how many they are for each result.
  func rowsOfReducedAxes(_ x: Tensor, _ axes: [Int]) throws(ModelError) -> (rows: Tensor, length: Int) {
    let kept = x.extents.indices.filter { !axes.contains($0) }
    let reduced = x.extents.indices.filter { axes.contains($0) }
    return (try x.transposed(kept + reduced), try Self.product(reduced.map { x.extents[$0] }))
  }

  private static func real(_ function: Reduce.Function, _ row: ArraySlice<Double>) -> Double {
    switch function {
    case .sum: row.reduce(0, +)
    case .mean: row.reduce(0, +) / Double(row.count)
    case .maximum: row.reduce(-.infinity, larger)
    case .minimum: -row.reduce(-.infinity) { larger($0, -$1) }
    case .product: row.reduce(1, *)
    case .sumOfSquares: row.reduce(0) { $0 + $1 * $1 }
    case .euclideanNorm: row.reduce(0) { $0 + $1 * $1 }.squareRoot()
    case .absoluteSum: row.reduce(0) { $0 + abs($1) }
    }
  }

  private static func integer(
    _ function: Reduce.Function, _ row: ArraySlice<Int>, _ type: ElementType
  ) throws(ModelError) -> Int {
    switch function {
    case .sum: return row.reduce(0, &+)
    case .mean:
      guard !row.isEmpty else { throw ModelError(.malformed, "the mean of no integers") }
      return row.reduce(0, &+) / row.count
    case .maximum: return row.max() ?? (type == .bool ? 0 : type.countRange?.lowerBound ?? .min)
    case .minimum: return row.min() ?? (type == .bool ? 1 : type.countRange?.upperBound ?? .max)
    case .product: return row.reduce(1, &*)
    case .sumOfSquares: return row.reduce(0) { $0 &+ $1 &* $1 }
    case .euclideanNorm:
      return Int(saturating: row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
    case .absoluteSum: return row.reduce(0) { $0 &+ ($1 < 0 ? 0 &- $1 : $1) }
    }
  }
}
