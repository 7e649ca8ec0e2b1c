import CKernels
import Testing

private let kernels: [ferry_q8_pool_kernel] = {
  var count = 0
  let table = ferry_q8_pool_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

@Suite struct CountPoolTests {
  struct Shape {
    var channels = 5
    var kernel = 3
    var stride = 2
    var dilation = 1
    var padding = (top: 1, left: 1, bottom: 1, right: 1)
    var countsPadding = false
  }

  static let shapes = [
    Shape(), Shape(channels: 64, stride: 1), Shape(channels: 70, kernel: 2, padding: (0, 0, 0, 0)),
    Shape(channels: 3, dilation: 2, padding: (2, 2, 2, 2)), Shape(channels: 9, countsPadding: true),
  ]

  @Test(arguments: shapes.indices) func everyKernelGivesThePlainResult(index: Int) {
    var random = KernelRandom(index)
    for kernel in kernels {
      let wide = [ferry_q8_pool_wide_maximum, ferry_q8_pool_wide_minimum, ferry_q8_pool_wide_average]
      if wide.contains(ferry_q8_pool_operation(UInt32(kernel.traits.operation))) {
        let map = (0..<(Self.height * Self.width * Self.shapes[index].channels)).map { _ in
          Int16.random(in: .min ... .max, using: &random)
        }
        var rescaling = PlainRescaling(
          ferry_rescaling_real, channels: 1, magnitude: 64, kind: CountKind(isUnsigned: false), clamp: false, &random)
        rescaling.range = -20_000...30_000
        check(kernel, index, map, ferry_count_reading(), 0, rescaling) { Int32($0) }
        continue
      }
      for kind in CountKind.allCases {
        let map = random.bytes(Self.height * Self.width * Self.shapes[index].channels)
        let zeroPoint = Int32.random(in: kind.range, using: &random)
        let rescaling = PlainRescaling(
          ferry_rescaling_real, channels: 1, magnitude: 64, kind: kind, clamp: index % 2 == 0, &random)
        check(kernel, index, map, kind.reading(zeroPoint: zeroPoint), zeroPoint, rescaling, kind.count)
      }
    }
  }

  private static let height = 7, width = 6

  /// Expects a kernel to give what the counts of each window amount to, `count` telling what an element means.
  private func check<Element: FixedWidthInteger & BitwiseCopyable>(
    _ kernel: ferry_q8_pool_kernel, _ index: Int, _ map: [Element], _ reading: ferry_count_reading, _ zeroPoint: Int32,
    _ plain: PlainRescaling, _ count: (Element) -> Int32
  ) {
    let shape = Self.shapes[index], (height, width) = (Self.height, Self.width)
    let reach = (shape.kernel - 1) * shape.dilation + 1
    let rows = (height + shape.padding.top + shape.padding.bottom - reach) / shape.stride + 1
    let columns = (width + shape.padding.left + shape.padding.right - reach) / shape.stride + 1
    let operation = ferry_q8_pool_operation(UInt32(kernel.traits.operation))
    let expected = (0..<(rows * columns * shape.channels)).map { position -> Element in
      let (pixel, c) = (position / shape.channels, position % shape.channels)
      var counts: [Int32] = [], padded = 0
      for r in 0..<shape.kernel {
        for s in 0..<shape.kernel {
          let y = pixel / columns * shape.stride + r * shape.dilation - shape.padding.top
          let x = pixel % columns * shape.stride + s * shape.dilation - shape.padding.left
          guard y < height + shape.padding.bottom, x < width + shape.padding.right else { continue }
          padded += 1
          guard (0..<height).contains(y), (0..<width).contains(x) else { continue }
          counts.append(count(map[(y * width + x) * shape.channels + c]))
        }
      }
      let result: Double
      switch operation {
      case ferry_q8_pool_maximum, ferry_q8_pool_wide_maximum: result = Double(counts.max() ?? 0)
      case ferry_q8_pool_minimum, ferry_q8_pool_wide_minimum: result = Double(counts.min() ?? 0)
      case ferry_q8_pool_average, ferry_q8_pool_wide_average:
        result = (Double(counts.reduce(0, +)) / Double(counts.count)).rounded(.toNearestOrAwayFromZero)
      default:
        let sum = counts.reduce(0) { $0 + Double($1 - zeroPoint) }
        let average = Float(sum / Double(shape.countsPadding ? padded : counts.count))
        result = Double((average * plain.factors[0]).rounded(.toNearestOrEven)) + Double(plain.zeroPoint)
      }
      return Element(
        truncatingIfNeeded: Int32(min(max(result, Double(plain.range.lowerBound)), Double(plain.range.upperBound))))
    }
    var given = plain
    if operation != ferry_q8_pool_real_average { given.factors = [.nan] }
    for placement in GuardedPlacement.allCases {
      let input = GuardedMemory(map, placement), output = GuardedMemory<Element>(expected.count, placement)
      given.withArguments(padding: 1) { rescaling in
        var arguments = ferry_q8_pool_args()
        arguments.input = UnsafeRawPointer(input.start)
        (arguments.input_height, arguments.input_width) = (height, width)
        arguments.reading = reading
        arguments.output = UnsafeMutableRawPointer(output.start)
        (arguments.output_width, arguments.channels) = (columns, shape.channels)
        (arguments.window.kernel_height, arguments.window.kernel_width) = (shape.kernel, shape.kernel)
        (arguments.window.stride_y, arguments.window.stride_x) = (shape.stride, shape.stride)
        (arguments.window.dilation_y, arguments.window.dilation_x) = (shape.dilation, shape.dilation)
        (arguments.window.padding_top, arguments.window.padding_left) = (shape.padding.top, shape.padding.left)
        (arguments.padding_bottom, arguments.padding_right) = (shape.padding.bottom, shape.padding.right)
        arguments.count_padding = shape.countsPadding ? 1 : 0
        arguments.rescaling = rescaling
        for range in [0..<1, 1..<rows] {
          (arguments.output_row_begin, arguments.output_row_end) = (range.lowerBound, range.upperBound)
          kernel.run(&arguments)
        }
      }
      #expect(output.values == expected, "\(index) \(kernel.traits.operation)")
      #expect(output.guardsIntact && input.guardsIntact)
    }
  }
}
