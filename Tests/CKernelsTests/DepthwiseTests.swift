import CKernels
import Testing

private let kernels: [ferry_f32_depthwise_kernel] = {
  var count = 0
  let table = ferry_f32_depthwise_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

@Suite struct DepthwiseTests {
  struct Shape {
    var height, width, channels: Int
    var kernel = (3, 3), stride = (1, 1), dilation = (1, 1), padding = (1, 1), paddingEnd = (1, 1)

    var outputHeight: Int { (height + padding.0 + paddingEnd.0 - (kernel.0 - 1) * dilation.0 - 1) / stride.0 + 1 }
    var outputWidth: Int { (width + padding.1 + paddingEnd.1 - (kernel.1 - 1) * dilation.1 - 1) / stride.1 + 1 }
  }

  static let shapes: [Shape] = {
    var shapes: [Shape] = []
    for stride in 1...3 {
      for width in 1...22 { shapes.append(Shape(height: 5, width: width, channels: 16, stride: (stride, stride))) }
      for height in 1...4 { shapes.append(Shape(height: height, width: 10, channels: 9, stride: (stride, stride))) }
      shapes.append(Shape(height: 8, width: 8, channels: 24, stride: (stride, stride), padding: (0, 0)))
      shapes.append(
        Shape(height: 6, width: 5, channels: 3, stride: (stride, stride), padding: (3, 4), paddingEnd: (3, 3)))
    }
    for dilation in 2...4 {
      shapes.append(
        Shape(
          height: 9, width: 11, channels: 8, dilation: (dilation, dilation), padding: (dilation, dilation),
          paddingEnd: (dilation, dilation)))
    }
    shapes.append(Shape(height: 7, width: 9, channels: 12, kernel: (5, 5), padding: (2, 2), paddingEnd: (2, 2)))
    shapes.append(
      Shape(height: 8, width: 9, channels: 8, kernel: (1, 7), stride: (2, 1), padding: (0, 3), paddingEnd: (0, 3)))
    shapes.append(Shape(height: 3, width: 2, channels: 8, kernel: (7, 7), padding: (3, 3), paddingEnd: (3, 3)))
    // Many runs of columns that lack different taps, columns that lack all, dilation beyond the map.
    shapes.append(Shape(height: 4, width: 12, channels: 8, kernel: (1, 21), padding: (0, 10), paddingEnd: (0, 10)))
    shapes.append(Shape(height: 5, width: 4, channels: 8, padding: (1, 9), paddingEnd: (1, 9)))
    shapes.append(Shape(height: 3, width: 3, channels: 8, dilation: (5, 5), padding: (5, 5), paddingEnd: (5, 5)))
    shapes.append(
      Shape(height: 6, width: 7, channels: 16, stride: (2, 2), dilation: (2, 3), padding: (2, 3), paddingEnd: (2, 3)))
    shapes.append(
      Shape(height: 33, width: 33, channels: 8, dilation: (4, 4), padding: (4, 4), paddingEnd: (4, 4)))
    return shapes
  }()

  private func run(
    _ kernel: ferry_f32_depthwise_kernel, _ shape: Shape, seed: Int, placement: GuardedBuffer.Placement,
    ringRows: Int? = nil
  ) -> [Float] {
    var random = KernelRandom(seed)
    let blocks = blockCount(shape.channels), taps = shape.kernel.0 * shape.kernel.1
    let pixels = shape.height * shape.width, outputPixels = shape.outputHeight * shape.outputWidth
    let planes = random.planes(channels: shape.channels, pixels: pixels)
    var packedValues = [Float](repeating: .nan, count: blocks * (taps + 1) * 8)
    ferry_f32_pack_depthwise(
      random.floats(shape.channels * taps), random.floats(shape.channels), shape.channels, taps, &packedValues)
    let packed = GuardedBuffer(packedValues, placement)
    let output = GuardedBuffer(blocks * outputPixels * 8, placement)
    let ring = ringRows ?? shape.height, row = shape.width * 8
    let input = GuardedBuffer(blocks * ring * row, placement)
    var arguments = ferry_f32_depthwise_args()
    arguments.input = UnsafePointer(input.start)
    (arguments.input_block_stride, arguments.input_row_stride) = (ring * row, row)
    arguments.input_ring_rows = ring
    (arguments.input_height, arguments.input_width) = (shape.height, shape.width)
    arguments.weights = UnsafePointer(packed.start)
    arguments.output_block_stride = outputPixels * 8
    arguments.output_row_stride = shape.outputWidth * 8
    (arguments.output_width, arguments.blocks) = (shape.outputWidth, blocks)
    (arguments.kernel_height, arguments.kernel_width) = shape.kernel
    (arguments.stride_y, arguments.stride_x) = shape.stride
    (arguments.dilation_y, arguments.dilation_x) = shape.dilation
    (arguments.padding_top, arguments.padding_left) = shape.padding
    (arguments.lower, arguments.upper) = bounds[seed % bounds.count]
    func load(_ y: Int) {
      for block in 0..<blocks {
        for i in 0..<row {
          input.start[(block * ring + y % ring) * row + i] = planes[(block * shape.height + y) * row + i]
        }
      }
    }
    if ringRows == nil {
      for y in 0..<shape.height { load(y) }
      arguments.output = output.start
      (arguments.output_row_begin, arguments.output_row_end) = (0, shape.outputHeight)
      kernel.run(&arguments)
    } else {
      for y in 0..<shape.outputHeight {
        let first = y * shape.stride.0 - shape.padding.0
        for r in 0..<shape.kernel.0 where (0..<shape.height).contains(first + r) { load(first + r) }
        arguments.output = output.start + y * shape.outputWidth * 8
        (arguments.output_row_begin, arguments.output_row_end) = (y, y + 1)
        kernel.run(&arguments)
      }
    }
    #expect(output.guardsIntact && input.guardsIntact && packed.guardsIntact)
    return lanes(output.values, channels: shape.channels, pixels: outputPixels)
  }

  private func takes(_ kernel: ferry_f32_depthwise_kernel, _ shape: Shape) -> Bool {
    guard kernel.traits.kernel != 0 else { return true }
    let side = Int(kernel.traits.kernel), stride = Int(kernel.traits.stride)
    return shape.kernel == (side, side) && shape.stride == (stride, stride) && shape.dilation == (1, 1)
  }

  @Test func everyKernelAgreesWithTheScalarOne() throws {
    let scalar = try #require(kernels.first { $0.isa == ferry_isa_scalar })
    for kernel in kernels where kernel.isa != ferry_isa_scalar {
      for (seed, shape) in Self.shapes.enumerated() where takes(kernel, shape) {
        for placement in GuardedBuffer.Placement.allCases {
          let expected = run(scalar, shape, seed: seed, placement: placement)
          let actual = run(kernel, shape, seed: seed, placement: placement)
          #expect(expected.allSatisfy({ $0.isFinite }))
          #expect(agree(expected, actual, tolerance: 8e-6), "\(String(cString: kernel.name)) \(shape)")
        }
      }
    }
  }

  @Test func aRingOfRowsGivesTheSameBits() {
    let shape = Shape(height: 9, width: 13, channels: 16)
    for kernel in kernels where takes(kernel, shape) {
      let whole = run(kernel, shape, seed: 3, placement: .atEnd)
      let ring = run(kernel, shape, seed: 3, placement: .atEnd, ringRows: 3)
      #expect(whole == ring)
    }
  }
}
