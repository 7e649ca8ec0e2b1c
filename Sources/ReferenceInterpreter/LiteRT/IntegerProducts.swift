import ModelGraph

/// Sums of products of offsets, exact modulo the width of the sum.
enum IntegerProducts {
  /// The sums of a convolution, [N, P, Q, O], without bias.
  ///
  /// - Parameters:
  ///   - map: [N, H, W, I], less the zero point, so that padding adds nothing.
  ///   - filter: [O, kh, kw, I/G], less its zero points, and its extents.
  ///   - output: the extents of the result.
  static func convolution<Sum: FixedWidthInteger>(
    _ op: Conv2D, map: [Int32], input: [Int], filter: [Int32], filterExtents: [Int], output: [Int]
  ) -> [Sum] {
    let taps = ConvolutionTaps(op, input: input, output: output, filter: filterExtents)
    let weights = ConvolutionTaps.outputsInnermost(filter, filterExtents, groups: op.groups)
    let (outputs, inputs, channels) = (filterExtents[0], filterExtents[3], input[3])
    let groupOutputs = outputs / op.groups
    var sums = [Sum](repeating: 0, count: output.reduce(1, *))
    map.withUnsafeBufferPointer { map in
      weights.withUnsafeBufferPointer { weights in
        sums.withUnsafeMutableBufferPointer { sums in
          guard let map = map.baseAddress, let weights = weights.baseAddress, let sums = sums.baseAddress else {
            return
          }
          taps.forEach { pixel, source, tap in
            let target = sums + pixel * outputs
            let values = map + source * channels
            let factors = weights + tap * inputs * outputs
            if inputs == 1, groupOutputs == 1 {
              for c in 0..<channels { target[c] &+= Sum(truncatingIfNeeded: values[c] &* factors[c]) }
            } else {
              for g in 0..<op.groups {
                addDense(
                  values + g * inputs, factors + g * inputs * groupOutputs, to: target + g * groupOutputs,
                  inputs: inputs, outputs: groupOutputs)
              }
            }
          }
        }
      }
    }
    return sums
  }

  /// The sums [R, O] of rows x [R, I] and weights [O, I], without bias.
  static func dense<Sum: FixedWidthInteger>(_ x: [Int32], weights: [Int32], inputs: Int, outputs: Int) -> [Sum] {
    let rows = inputs > 0 ? x.count / inputs : 0
    let columns = ConvolutionTaps.outputsInnermost(weights, [outputs, 1, 1, inputs], groups: 1)
    var sums = [Sum](repeating: 0, count: rows * outputs)
    x.withUnsafeBufferPointer { x in
      columns.withUnsafeBufferPointer { columns in
        sums.withUnsafeMutableBufferPointer { sums in
          guard let x = x.baseAddress, let columns = columns.baseAddress, let sums = sums.baseAddress else { return }
          for row in 0..<rows {
            addDense(x + row * inputs, columns, to: sums + row * outputs, inputs: inputs, outputs: outputs)
          }
        }
      }
    }
    return sums
  }

  /// sums[o] += Σ꜀ x[c] · w[c, o]; a product of counts fits in 32 bits.
  @inline(__always)
  static func addDense<Sum: FixedWidthInteger>(
    _ x: UnsafePointer<Int32>, _ weights: UnsafePointer<Int32>, to sums: UnsafeMutablePointer<Sum>, inputs: Int,
    outputs: Int
  ) {
    for c in 0..<inputs {
      let factor = x[c]
      if factor == 0 { continue }
      let row = weights + c &* outputs
      for o in 0..<outputs { sums[o] &+= Sum(truncatingIfNeeded: factor &* row[o]) }
    }
  }
}
