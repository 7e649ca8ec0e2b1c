import CKernels
import Testing

private let quantizers: [ferry_f32_quantize_rows_kernel] = {
  var count = 0
  let table = ferry_f32_quantize_rows_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

private let reals: [ferry_q8_reals_kernel] = {
  var count = 0
  let table = ferry_q8_reals_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

/// Real activations with weights of counts.
@Suite struct HybridTests {
  @Test func rowsBecomeCountsWithAScaleOfTheirOwn() {
    var random = KernelRandom(1)
    let columns = 37
    var rows: [[Float]] = [
      random.floats(columns, in: -3...1), random.floats(columns, in: 0.5...2), random.floats(columns, in: -2 ... -1),
      [Float](repeating: 0, count: columns), random.floats(columns, in: -1e-30...1e-30),
    ]
    rows.append([.infinity] + random.floats(columns - 1))
    for kernel in quantizers {
      let isSymmetric = kernel.traits.operation == Int32(ferry_quantize_rows_symmetric.rawValue)
      let input = GuardedBuffer(rows.flatMap { $0 }, .atEnd)
      let output = GuardedMemory<Int8>(rows.count * columns, .atEnd)
      let parameters = GuardedMemory<ferry_row_parameters>(rows.count, .atEnd)
      var arguments = ferry_f32_quantize_rows_args()
      (arguments.input, arguments.output) = (UnsafePointer(input.start), output.start)
      (arguments.parameters, arguments.rows, arguments.columns) = (parameters.start, rows.count, columns)
      kernel.run(&arguments)
      for (index, row) in rows.enumerated() {
        let (scale, zeroPoint) = (parameters.values[index].scale, parameters.values[index].zero_point)
        let counts = output.values[(index * columns)..<((index + 1) * columns)]
        if index == 3 || index == 5 {
          #expect(scale == 1 && zeroPoint == 0 && counts.allSatisfy { $0 == 0 })
          continue
        }
        let low = min(row.min() ?? 0, 0), high = max(row.max() ?? 0, 0)
        let exact = isSymmetric ? Double(max(-low, high)) / 127 : Double(high - low) / 255
        // Of the two ends of the range that could decide the zero point, the one that lies nearer to zero in steps.
        let (below, above) = (Double(low) / exact, Double(high) / exact)
        let end = 128 - below < 127 + above ? -128 - below : 127 - above
        let zero = isSymmetric ? 0 : end.rounded(.toNearestOrAwayFromZero)
        #expect(scale == (isSymmetric ? max(-low, high) / 127 : Float(exact)) && Double(zeroPoint) == zero)
        let inverse = isSymmetric ? 127 / max(-low, high) : 1 / scale
        let expected = row.map { value -> Int8 in
          let steps = value * inverse
          let whole = (steps + (steps < 0 ? -0.5 : 0.5)).rounded(.towardZero)
          return Int8(min(max(whole + Float(zeroPoint), isSymmetric ? -127 : -128), 127))
        }
        #expect(Array(counts) == expected, "\(index) \(isSymmetric)")
      }
      #expect(output.guardsIntact && parameters.guardsIntact && input.guardsIntact)
    }
  }

  @Test func sumsBecomeRealNumbersStepByStep() {
    var random = KernelRandom(2)
    let (rows, columns, channels) = (2, 3, 5)
    let sums = (0..<(rows * columns * channels)).map { _ in Int32.random(in: -500_000...500_000, using: &random) }
    let scales = random.floats(channels, in: 0.001...0.01), bias = random.floats(channels)
    let parameters = [
      ferry_row_parameters(scale: 0.01, zero_point: 3), ferry_row_parameters(scale: 0.5, zero_point: 0),
    ]
    for kernel in reals {
      for hasBias in [false, true] {
        let expected = sums.indices.map { i -> Float in
          let c = i % channels
          let factor = scales[c] * parameters[i / (columns * channels)].scale
          let product = Float(sums[i]) * factor
          return min(max(hasBias ? product + bias[c] : product, -4), 600)
        }
        let input = GuardedMemory(sums, .atEnd), output = GuardedBuffer(sums.count, .atEnd)
        let scaleRow = GuardedBuffer(scales, .atEnd), biasRow = GuardedBuffer(bias, .atEnd)
        let rowParameters = GuardedMemory(parameters, .atEnd)
        var arguments = ferry_q8_reals_args()
        (arguments.sums, arguments.output) = (UnsafePointer(input.start), output.start)
        (arguments.parameters, arguments.scales) = (UnsafePointer(rowParameters.start), UnsafePointer(scaleRow.start))
        if hasBias { arguments.bias = UnsafePointer(biasRow.start) }
        (arguments.rows, arguments.columns, arguments.channels) = (rows, columns, channels)
        (arguments.lower, arguments.upper) = (-4, 600)
        kernel.run(&arguments)
        #expect(output.values == expected && output.guardsIntact)
      }
    }
  }
}
