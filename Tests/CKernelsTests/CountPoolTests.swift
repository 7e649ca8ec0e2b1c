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
    let shape = Self.shapes[index], height = 7, width = 6
    var random = KernelRandom(index)
    let reach = (shape.kernel - 1) * shape.dilation + 1
    let rows = (height + shape.padding.top + shape.padding.bottom - reach) / shape.stride + 1
    let columns = (width + shape.padding.left + shape.padding.right - reach) / shape.stride + 1
    for kernel in kernels {
      for kind in CountKind.allCases {
        let map = random.bytes(height * width * shape.channels)
        let zeroPoint = Int32.random(in: kind.range, using: &random)
        var rescaling = PlainRescaling(
          isFixed: false, channels: 1, magnitude: 64, kind: kind, clamp: index % 2 == 0, &random)
        let expected = (0..<(rows * columns * shape.channels)).map { position -> UInt8 in
          let (pixel, c) = (position / shape.channels, position % shape.channels)
          var counts: [Int32] = [], padded = 0
          for r in 0..<shape.kernel {
            for s in 0..<shape.kernel {
              let y = pixel / columns * shape.stride + r * shape.dilation - shape.padding.top
              let x = pixel % columns * shape.stride + s * shape.dilation - shape.padding.left
              guard y < height + shape.padding.bottom, x < width + shape.padding.right else { continue }
              padded += 1
              guard (0..<height).contains(y), (0..<width).contains(x) else { continue }
              counts.append(kind.count(map[(y * width + x) * shape.channels + c]))
            }
          }
          let result: Double
          switch ferry_q8_pool_operation(UInt32(kernel.traits.operation)) {
          case ferry_q8_pool_maximum: result = Double(counts.max() ?? 0)
          case ferry_q8_pool_average:
            result = (Double(counts.reduce(0, +)) / Double(counts.count)).rounded(.toNearestOrAwayFromZero)
          default:
            let sum = counts.reduce(0) { $0 + Double($1 - zeroPoint) }
            let average = Float(sum / Double(shape.countsPadding ? padded : counts.count))
            result = Double((average * rescaling.factors[0]).rounded(.toNearestOrEven)) + Double(rescaling.zeroPoint)
          }
          return UInt8(
            truncatingIfNeeded: Int32(
              min(max(result, Double(rescaling.range.lowerBound)), Double(rescaling.range.upperBound))))
        }
        if kernel.traits.operation == Int32(ferry_q8_pool_maximum.rawValue) { rescaling.factors = [.nan] }
        for placement in GuardedPlacement.allCases {
          let input = GuardedMemory(map, placement), output = GuardedMemory<UInt8>(expected.count, placement)
          rescaling.withArguments(padding: 1) { rescaling in
            var arguments = ferry_q8_pool_args()
            arguments.input = UnsafePointer(input.start)
            (arguments.input_height, arguments.input_width) = (height, width)
            arguments.reading = kind.reading(zeroPoint: zeroPoint)
            (arguments.output, arguments.output_width, arguments.channels) = (output.start, columns, shape.channels)
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
  }
}
