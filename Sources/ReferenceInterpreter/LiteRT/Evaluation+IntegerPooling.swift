import ModelGraph

/// Pools and reductions of counts.
extension Evaluation {
  /// The largest count, or the average of the counts inside the map rounded to nearest with ties away from zero, then the
  /// range in counts. Input and output mean the same by their counts.
  ///
  /// Source: `AveragePool` and `MaxPool` in reference/pooling.h and reference/integer_ops/pooling.h.
  func integerPool(_ op: Pool2D) throws(ModelError) -> [Tensor] {
    let x = try channelsLast(0, op.layout)
    let type = try countType()
    guard x.type.quantization == type.quantization, x.elementType == type.elementType, !op.countsPadding,
      op.dilation == .one
    else { throw unknownArithmetic(.pool2D(op), "between two scales, with dilation or counted padding") }
    let extents = try channelsLastExtents(op.layout)
    let counts = try x.counts()
    let limits = try op.outputClamp.counts(of: type)
    let channels = x.extents[3]
    let isMaximum = op.kind == .maximum
    var result = [Int32](repeating: isMaximum ? .min : 0, count: try Self.product(extents))
    var sizes = [Int32](repeating: 0, count: result.count / max(channels, 1))
    let window = Conv2D(strides: op.strides, dilation: op.dilation, padding: op.padding)
    let taps = ConvolutionTaps(
      window, input: x.extents, output: extents, filter: [channels, op.kernel.height, op.kernel.width, 1])
    taps.forEach { pixel, source, _ in
      sizes[pixel] += 1
      for c in 0..<channels {
        let count = counts[source * channels + c]
        let target = pixel * channels + c
        if isMaximum { result[target] = max(result[target], count) } else { result[target] &+= count }
      }
    }
    for index in result.indices {
      let size = sizes[index / channels]
      guard size > 0 else { throw ModelError(.malformed, "a window of the pool lies in the padding alone") }
      if !isMaximum {
        let half = size / 2
        result[index] = (result[index] > 0 ? result[index] + half : result[index] - half) / size
      }
      result[index] = min(max(result[index], limits.lowerBound), limits.upperBound)
    }
    return try self.result(counts: result, layout: op.layout)
  }

  /// A mean is z_y + Σ(x − zₓ) · sₓ/s_y / n, the number of elements divided into the multiplier; a maximum or minimum is that
  /// of the counts.
  ///
  /// Source: `QuantizedMeanOrSum` in reference/reduce.h.
  func integerReduce(_ op: Reduce) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    let type = try countType()
    guard x.elementType == type.elementType else { throw unknownArithmetic(.reduce(op), "between two element types") }
    switch op.function {
    case .maximum, .minimum:
      guard x.type.quantization == type.quantization else {
        throw unknownArithmetic(.reduce(op), "between two scales")
      }
      return try reduce(op)
    case .mean:
      try requireSymmetric16Bit([x.type, type])
      let (rows, length) = try rowsOfReducedAxes(x, op.axes)
      guard length > 0 else { throw ModelError(.malformed, "the mean of no counts") }
      let factor = try FixedPointMultiplier(from: x.type, to: type).divided(by: length)
      let offsets = try offsets(rows)
      return try result(
        offsets: stride(from: 0, to: offsets.count, by: length).map { start in
          factor.applied(to: offsets[start..<(start + length)].reduce(0, &+))
        })
    case .sum, .product, .sumOfSquares, .euclideanNorm, .absoluteSum: throw unknownArithmetic(.reduce(op))
    }
  }
}
