import CKernels
import Glibc
import Testing

private let softmaxes: [ferry_q8_softmax_kernel] = {
  var count = 0
  let table = ferry_q8_softmax_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

private let args: [ferry_q8_arg_kernel] = {
  var count = 0
  let table = ferry_q8_arg_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

private let resizes: [ferry_q8_resize_kernel] = {
  var count = 0
  let table = ferry_q8_resize_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

@Suite struct CountRowsTests {
  /// Fixed point comes as near to the real shares as its last bit; real numbers hit them.
  @Test func softmaxesGiveTheRealShares() {
    var random = KernelRandom(1)
    let scale = 0.05
    for kernel in softmaxes {
      let isFixed = kernel.traits.operation == Int32(ferry_q8_softmax_fixed.rawValue)
      for kind in CountKind.allCases {
        for columns in [1, 2, 10, 300] {
          let bytes = random.bytes(2 * columns)
          let terms = (0...255).map { Int32(exp(-scale * Double($0)) * Double(Int32.max)) }
          let values = (0...255).map { Float(scale) * Float(kind.count(UInt8($0))) }
          let input = GuardedMemory(bytes, .atEnd), output = GuardedMemory<UInt8>(2 * columns, .atEnd)
          var arguments = ferry_q8_softmax_args()
          (arguments.input, arguments.output) = (UnsafePointer(input.start), output.start)
          (arguments.rows, arguments.columns, arguments.flip) = (2, columns, kind.flip)
          (arguments.reach, arguments.beta, arguments.scale) = (255, 1, 1 / 256)
          (arguments.zero_point, arguments.lower, arguments.upper) = (
            kind.range.lowerBound, kind.range.lowerBound, kind.range.upperBound
          )
          terms.withUnsafeBufferPointer { terms in
            values.withUnsafeBufferPointer { values in
              (arguments.terms, arguments.values) = (terms.baseAddress, values.baseAddress)
              kernel.run(&arguments)
            }
          }
          for row in 0..<2 {
            let counts = bytes[(row * columns)..<((row + 1) * columns)].map { Double(kind.count($0)) }
            let powers = counts.map { exp(scale * ($0 - (counts.max() ?? 0))) }
            for (column, power) in powers.enumerated() {
              let share = min(power / powers.reduce(0, +) * 256, 255)
              let count = Double(kind.count(output.values[row * columns + column]) - kind.range.lowerBound)
              #expect(abs(count - share) <= (isFixed ? 0.51 : 0.5001), "\(columns) \(count) \(share)")
            }
          }
          #expect(output.guardsIntact && input.guardsIntact)
        }
      }
    }
  }

  @Test func extremaAreFoundAlongTheAxis() {
    var random = KernelRandom(2)
    for kernel in args {
      let isMaximum = kernel.traits.operation == Int32(ferry_arg_maximum.rawValue)
      for kind in CountKind.allCases {
        for (outer, extent, inner) in [(1, 1, 1), (3, 7, 1), (2, 5, 4)] {
          // Few different counts: there are equal ones.
          let bytes = (0..<(outer * extent * inner)).map { _ in UInt8.random(in: 0...3, using: &random) &* 80 }
          for takesLast in [false, true] {
            let expected = (0..<(outer * inner)).map { position -> Int in
              let line = (0..<extent).map { k in
                kind.count(bytes[(position / inner * extent + k) * inner + position % inner])
              }
              let best = isMaximum ? line.max() : line.min()
              return (takesLast ? line.lastIndex { $0 == best } : line.firstIndex { $0 == best }) ?? -1
            }
            let input = GuardedMemory(bytes, .atEnd)
            let wide = GuardedMemory<Int64>(expected.count, .atEnd),
              narrow = GuardedMemory<Int32>(expected.count, .atEnd)
            var arguments = ferry_q8_arg_args()
            arguments.input = UnsafePointer(input.start)
            (arguments.outer, arguments.extent, arguments.inner) = (outer, extent, inner)
            (arguments.flip, arguments.takes_last) = (kind.flip, takesLast ? 1 : 0)
            arguments.wide = wide.start
            kernel.run(&arguments)
            (arguments.wide, arguments.narrow) = (nil, narrow.start)
            kernel.run(&arguments)
            #expect(wide.values.map { Int($0) } == expected && narrow.values.map { Int($0) } == expected)
            #expect(wide.guardsIntact && narrow.guardsIntact && input.guardsIntact)
          }
        }
      }
    }
  }

  @Test func resizesBlendTheirTaps() {
    var random = KernelRandom(3)
    let (height, width, channels, rows, columns) = (3, 4, 5, 6, 7)
    let map = random.bytes(height * width * channels)
    func taps(_ extent: Int, _ count: Int) -> [ferry_q8_resize_tap] {
      (0..<count).map { _ in
        let first = UInt32.random(in: 0..<UInt32(extent), using: &random)
        let steps = Int32.random(in: 0...1024, using: &random)
        return ferry_q8_resize_tap(
          first: first, second: min(first + 1, UInt32(extent - 1)), steps: steps, fraction: Float(steps) / 1024)
      }
    }
    let rowTaps = taps(height, rows), columnTaps = taps(width, columns)
    for kernel in resizes {
      let operation = ferry_q8_resize_operation(UInt32(kernel.traits.operation))
      /// What the corners at the first row and column, the second row, the second column and both second ones blend into.
      func check<Element: FixedWidthInteger & BitwiseCopyable>(
        _ map: [Element], _ blend: ([Element], ferry_q8_resize_tap, ferry_q8_resize_tap) -> Element
      ) {
        var expected: [Element] = []
        for v in rowTaps {
          for h in columnTaps {
            for c in 0..<channels {
              func element(_ y: UInt32, _ x: UInt32) -> Element { map[(Int(y) * width + Int(x)) * channels + c] }
              expected.append(
                blend(
                  [
                    element(v.first, h.first), element(v.second, h.first), element(v.first, h.second),
                    element(v.second, h.second),
                  ], v, h))
            }
          }
        }
        let input = GuardedMemory(map, .atEnd), output = GuardedMemory<Element>(expected.count, .atEnd)
        var arguments = ferry_q8_resize_args()
        arguments.input = UnsafeRawPointer(input.start)
        arguments.output = UnsafeMutableRawPointer(output.start)
        (arguments.input_width, arguments.output_width, arguments.channels) = (width, columns, channels)
        rowTaps.withUnsafeBufferPointer { rowTaps in
          columnTaps.withUnsafeBufferPointer { columnTaps in
            (arguments.rows, arguments.columns) = (rowTaps.baseAddress, columnTaps.baseAddress)
            for range in [0..<2, 2..<rows] {
              (arguments.output_row_begin, arguments.output_row_end) = (range.lowerBound, range.upperBound)
              kernel.run(&arguments)
            }
          }
        }
        #expect(output.values == expected && output.guardsIntact && input.guardsIntact, "\(operation)")
      }
      /// Fractions of 1024 leave everything exact.
      func mean<Element: BinaryInteger>(
        _ corners: [Element], _ v: ferry_q8_resize_tap, _ h: ferry_q8_resize_tap
      ) -> Double {
        let (p, q) = (Double(v.steps) / 1024, Double(h.steps) / 1024)
        let counts = corners.map { Double($0) }
        return ((counts[0] * (1 - q) + counts[2] * q) * (1 - p) + (counts[1] * (1 - q) + counts[3] * q) * p)
          .rounded(.toNearestOrAwayFromZero)
      }
      switch operation {
      case ferry_q8_resize_nearest: check(map) { corners, _, _ in corners[0] }
      case ferry_q8_resize_fixed: check(map.map { Int8(bitPattern: $0) }) { Int8(mean($0, $1, $2)) }
      case ferry_q8_resize_wide_fixed: check(map.map { Int16($0) &* 257 }) { Int16(mean($0, $1, $2)) }
      default:
        check(map) { corners, v, h in
          let (p, q) = (v.fraction, h.fraction)
          let counts = corners.map { Float($0) }
          let above = counts[0] * (1 - p) * (1 - q), below = counts[1] * p * (1 - q)
          let mean = above + below + counts[2] * (1 - p) * q + counts[3] * p * q
          return UInt8(mean + 0.5)
        }
      }
    }
  }
}
