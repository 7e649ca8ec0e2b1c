import CKernels
import Testing

private let kernels: [ferry_q8_matmul_kernel] = {
  var count = 0
  let table = ferry_q8_matmul_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

@Suite struct CountMatMulTests {
  /// y[m, n] = Σₖ (a[m, k] − zₐ)(b[k, n] − z_b[n]), either factor as it is or transposed, with one zero point on the right or
  /// one for each column.
  @Test(arguments: CountKind.allCases, CountKind.allCases)
  func productsAreTheSumsInPlainWords(left kind: CountKind, right other: CountKind) {
    var random = KernelRandom(5)
    let (rows, depth, columns) = (3, 7, 5)
    for (transposesLeft, transposesRight, zeroPointCount) in [(false, false, 1), (true, false, 5), (false, true, 5)] {
      let a = random.bytes(rows * depth), b = random.bytes(depth * columns)
      let zeroPoint = Int32.random(in: kind.range, using: &random), columnZeros = random.bytes(zeroPointCount)
      let rescaling = PlainRescaling(
        ferry_rescaling_real, channels: columns, magnitude: 60_000, kind: kind, clamp: false, &random)
      var sums: [Int32] = []
      var counts: [UInt8] = []
      for m in 0..<rows {
        for n in 0..<columns {
          let columnZero = other.count(columnZeros[zeroPointCount == 1 ? 0 : n])
          var sum: Int32 = 0
          for k in 0..<depth {
            let x = kind.count(a[transposesLeft ? k * rows + m : m * depth + k]) - zeroPoint
            sum += x * (other.count(b[transposesRight ? n * depth + k : k * columns + n]) - columnZero)
          }
          sums.append(sum)
          counts.append(UInt8(truncatingIfNeeded: rescaling.count(sum, channel: n)))
        }
      }
      for kernel in kernels {
        for placement in GuardedPlacement.allCases {
          let left = GuardedMemory(a, placement), right = GuardedMemory(b, placement)
          let zeros = GuardedMemory(columnZeros, placement)
          let output = GuardedMemory<UInt8>(rows * columns, placement)
          let wide = GuardedMemory<Int32>(rows * columns, placement)
          rescaling.withArguments(padding: 1) { rescaling in
            var arguments = ferry_q8_matmul_args()
            (arguments.left, arguments.right) = (UnsafePointer(left.start), UnsafePointer(right.start))
            (arguments.rows, arguments.depth, arguments.columns) = (rows, depth, columns)
            (arguments.left_row_stride, arguments.left_depth_stride) = transposesLeft ? (1, rows) : (depth, 1)
            (arguments.right_column_stride, arguments.right_depth_stride) = transposesRight ? (depth, 1) : (1, columns)
            (arguments.left_reading, arguments.right_flip) = (kind.reading(zeroPoint: zeroPoint), other.flip)
            arguments.right_zero_points = UnsafePointer(zeros.start)
            arguments.right_zero_point_step = zeroPointCount == 1 ? 0 : 1
            arguments.rescaling = rescaling
            arguments.output = output.start
            kernel.run(&arguments)
            (arguments.output, arguments.sums) = (nil, wide.start)
            kernel.run(&arguments)
          }
          #expect(output.values == counts && wide.values == sums)
          #expect(
            left.guardsIntact && right.guardsIntact && zeros.guardsIntact && output.guardsIntact && wide.guardsIntact)
        }
      }
    }
  }
}
