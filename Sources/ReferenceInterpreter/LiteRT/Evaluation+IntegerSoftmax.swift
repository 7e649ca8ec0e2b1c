import ModelGraph

/// The softmax of counts, in fixed point.
extension Evaluation {
  func integerSoftmax(_ op: Softmax) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    let type = try countType()
    guard !op.isLogarithm, !op.coversTrailingAxes, op.axis == x.extents.count - 1, x.elementType == type.elementType,
      op.beta > 0
    else { throw unknownArithmetic(.softmax(op), "but along the last axis, between counts of one type") }
    let length = x.extents[op.axis]
    let rows = stride(from: 0, to: x.elementCount, by: length)
    if type.elementType == .int16 {
      try requireSymmetric16Bit([x.type, type])
      let tables = SoftmaxTables()
      let factor = try FixedPointMultiplier(Double(try x.type.scale() * op.beta) / (10.0 / 65535.0))
      let counts = try x.counts()
      return try result(counts: rows.flatMap { tables.softmax(counts[$0..<($0 + length)], factor) })
    }
    return try eightBitSoftmax(op, rows, length)
  }

  /// e^(x − max) with 5 integer bits in, none out; their sum with 12; each times the reciprocal of the sum, from the smallest
  /// count of the type upwards. Terms too small to be held are zero.
  ///
  /// Source: `Softmax` in reference/softmax.h, `PreprocessSoftmaxScaling` and `CalculateInputRadius` in quantization_util.cc.
  private func eightBitSoftmax(_ op: Softmax, _ rows: StrideTo<Int>, _ length: Int) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    let factor = try FixedPointMultiplier(
      min(Double(op.beta) * Double(try x.type.scale()) * Double(1 << 26), Double(1 << 30) - 1))
    guard factor.shift >= 1 else { throw unknownArithmetic(.softmax(op), "with an input scale this fine") }
    let reach = -Int32(Double(31 * (1 << 26)) / Double(1 << factor.shift))
    guard let range = try outputType().elementType.countRange else { throw unknownArithmetic(.softmax(op)) }
    let (lowest, highest) = (Int32(range.lowerBound), Int32(range.upperBound))
    let counts = try x.counts()
    var result: [Int32] = []
    result.reserveCapacity(counts.count)
    for start in rows {
      let row = counts[start..<(start + length)]
      let largest = row.max() ?? 0
      let exponentials = row.map { count -> Int32 in
        let difference = count - largest
        return difference < reach ? 0 : FixedPoint.exponential(ofNegative: factor.applied(to: difference))
      }
      var sum: Int32 = 0
      for term in exponentials { sum = sum &+ FixedPoint.quotient(term, powerOfTwo: 12) }
      let (scale, bits) = FixedPoint.reciprocal(of: sum, integerBits: 12)
      let shift = bits + 31 - 8
      guard (0...31).contains(shift) else { throw unknownArithmetic(.softmax(op), "over \(length) counts") }
      for (count, term) in zip(row, exponentials) {
        guard count - largest >= reach else {
          result.append(lowest)
          continue
        }
        let share = FixedPoint.quotient(FixedPoint.product(scale, term), powerOfTwo: shift)
        result.append(min(max(share &+ lowest, lowest), highest))
      }
    }
    return try self.result(counts: result)
  }
}
