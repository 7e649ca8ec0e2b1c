import ModelGraph

extension Evaluation {
  /// The maximum or the average over the part of each window that lies inside the map; with `countsPadding` the average divides
  /// by the part inside the padded map, its padding being zeros. A maximum with NaN is NaN.
  ///
  /// Source: ONNX MaxPool and AveragePool (opset 19 for windows that reach beyond the padded map); TensorFlow Lite
  /// MAX_POOL_2D and AVERAGE_POOL_2D.
  func pool(_ op: Pool2D) throws(ModelError) -> [Tensor] {
    let x = try channelsLast(0, op.layout)
    let map = try realElements(x)
    let extents = try channelsLastExtents(op.layout)
    let (height, width, channels) = (x.extents[1], x.extents[2], x.extents[3])
    let insets = op.padding.insets(
      height: height, width: width, kernel: op.kernel, strides: op.strides, dilation: op.dilation)
    let isMaximum = op.kind == .maximum
    var y = [Double](repeating: isMaximum ? -.infinity : 0, count: try Self.product(extents))
    for p in 0..<extents[1] {
      let rows = Window(
        start: p * op.strides.height - insets.top, taps: op.kernel.height, dilation: op.dilation.height,
        extent: height, paddingAfter: insets.bottom)
      for q in 0..<extents[2] {
        let columns = Window(
          start: q * op.strides.width - insets.left, taps: op.kernel.width, dilation: op.dilation.width,
          extent: width, paddingAfter: insets.right)
        let divisor = op.countsPadding ? rows.paddedCount * columns.paddedCount : rows.count * columns.count
        guard rows.count > 0 && columns.count > 0 || (op.countsPadding && !isMaximum) else {
          throw ModelError(.malformed, "the window at row \(p), column \(q) lies in the padding alone")
        }
        for n in 0..<extents[0] {
          let target = ((n * extents[1] + p) * extents[2] + q) * channels
          for row in rows.positions {
            for column in columns.positions {
              let source = ((n * height + row) * width + column) * channels
              if isMaximum {
                for c in 0..<channels { y[target + c] = Self.larger(y[target + c], map[source + c]) }
              } else {
                for c in 0..<channels { y[target + c] += map[source + c] }
              }
            }
          }
          if !isMaximum { for c in 0..<channels { y[target + c] /= Double(divisor) } }
        }
      }
    }
    return try result(y, layout: op.layout, clamp: op.outputClamp)
  }

  /// The maximum or the average over each channel's whole map.
  ///
  /// Source: ONNX GlobalMaxPool and GlobalAveragePool.
  func globalPool(_ op: GlobalPool) throws(ModelError) -> [Tensor] {
    let x = try channelsLast(0, op.layout)
    let map = try realElements(x)
    let pixels = try Self.product(x.extents[1...2])
    let channels = x.extents[3]
    let isMaximum = op.kind == .maximum
    var y = [Double](repeating: isMaximum ? -.infinity : 0, count: x.extents[0] * channels)
    for n in 0..<x.extents[0] {
      for pixel in 0..<pixels {
        for c in 0..<channels {
          let value = map[(n * pixels + pixel) * channels + c]
          let sum = y[n * channels + c]
          y[n * channels + c] = isMaximum ? Self.larger(sum, value) : sum + value
        }
      }
    }
    // One value a channel: its order is the same in both layouts.
    return try result(isMaximum ? y : y.map { $0 / Double(pixels) })
  }

  /// The taps of a window along one axis.
  private struct Window {
    /// Positions inside the map.
    let positions: StrideTo<Int>
    let count: Int
    /// Taps inside the map and its padding.
    let paddedCount: Int

    init(start: Int, taps: Int, dilation: Int, extent: Int, paddingAfter: Int) {
      /// How many taps lie before `bound`.
      func tapsBefore(_ bound: Int) -> Int {
        bound <= start ? 0 : min(taps, (bound - start + dilation - 1) / dilation)
      }
      let first = tapsBefore(0)
      count = max(tapsBefore(extent) - first, 0)
      positions = stride(
        from: start + first * dilation, to: start + (first + count) * dilation, by: dilation)
      // A window never starts before the leading padding, so that only the end can leave the padded map.
      paddedCount = tapsBefore(extent + paddingAfter)
    }
  }
}
