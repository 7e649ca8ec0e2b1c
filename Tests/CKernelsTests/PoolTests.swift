import CKernels
import Testing

private let kernels: [ferry_f32_pool_kernel] = {
  var count = 0
  let table = ferry_f32_pool_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

private let globalKernels: [ferry_f32_global_pool_kernel] = {
  var count = 0
  let table = ferry_f32_global_pool_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

@Suite struct PoolTests {
  struct Shape {
    var height, width, channels: Int
    var kernel = (3, 3), stride = (2, 2), dilation = (1, 1), padding = (0, 0), paddingEnd = (0, 0)
    var outputHeight, outputWidth: Int
    var countPadding = false
  }

  static let shapes: [Shape] = [
    Shape(height: 7, width: 7, channels: 8, outputHeight: 3, outputWidth: 3),
    Shape(
      height: 7, width: 9, channels: 11, stride: (1, 1), padding: (1, 1), paddingEnd: (1, 1), outputHeight: 7,
      outputWidth: 9),
    Shape(
      height: 7, width: 9, channels: 11, stride: (1, 1), padding: (1, 1), paddingEnd: (1, 1), outputHeight: 7,
      outputWidth: 9, countPadding: true),
    Shape(height: 6, width: 6, channels: 16, kernel: (2, 2), outputHeight: 3, outputWidth: 3),
    // A window that reaches past the padded input, as ceiling modes make it.
    Shape(height: 6, width: 6, channels: 8, padding: (1, 1), outputHeight: 4, outputWidth: 4, countPadding: true),
    Shape(
      height: 9, width: 8, channels: 3, kernel: (2, 3), stride: (1, 1), dilation: (3, 2), outputHeight: 6,
      outputWidth: 4),
    Shape(height: 1, width: 1, channels: 20, kernel: (1, 1), stride: (1, 1), outputHeight: 1, outputWidth: 1),
  ]

  private func run(
    _ kernel: ferry_f32_pool_kernel, _ shape: Shape, planes: [Float], placement: GuardedBuffer.Placement
  ) -> [Float] {
    let blocks = blockCount(shape.channels), outputPixels = shape.outputHeight * shape.outputWidth
    let input = GuardedBuffer(planes, placement), output = GuardedBuffer(blocks * outputPixels * 8, placement)
    var arguments = ferry_f32_pool_args()
    arguments.input = UnsafePointer(input.start)
    arguments.input_block_stride = shape.height * shape.width * 8
    (arguments.input_height, arguments.input_width) = (shape.height, shape.width)
    arguments.output = output.start
    arguments.output_block_stride = outputPixels * 8
    (arguments.output_height, arguments.output_width) = (shape.outputHeight, shape.outputWidth)
    arguments.blocks = blocks
    (arguments.kernel_height, arguments.kernel_width) = shape.kernel
    (arguments.stride_y, arguments.stride_x) = shape.stride
    (arguments.dilation_y, arguments.dilation_x) = shape.dilation
    (arguments.padding_top, arguments.padding_left) = shape.padding
    (arguments.padding_bottom, arguments.padding_right) = shape.paddingEnd
    arguments.count_padding = shape.countPadding ? 1 : 0
    (arguments.lower, arguments.upper) = (-0.8, .infinity)
    kernel.run(&arguments)
    #expect(output.guardsIntact && input.guardsIntact)
    return lanes(output.values, channels: shape.channels, pixels: outputPixels)
  }

  @Test func everyKernelAgreesWithTheScalarOne() throws {
    for kernel in kernels where kernel.isa != ferry_isa_scalar {
      let scalar = try #require(
        kernels.first { $0.isa == ferry_isa_scalar && $0.traits.operation == kernel.traits.operation })
      for (seed, shape) in Self.shapes.enumerated() {
        var random = KernelRandom(seed)
        var planes = random.planes(channels: shape.channels, pixels: shape.height * shape.width)
        if seed % 2 == 1 { planes[8] = .nan }
        for placement in GuardedBuffer.Placement.allCases {
          let expected = run(scalar, shape, planes: planes, placement: placement)
          let actual = run(kernel, shape, planes: planes, placement: placement)
          #expect(agree(expected, actual, tolerance: 1e-6), "\(String(cString: kernel.name)) \(shape)")
          #expect(expected.contains(where: { $0.isNaN }) == (seed % 2 == 1))
        }
      }
    }
  }

  @Test func averagesDivideByWhatTheyAreTold() throws {
    var shape = Shape(
      height: 2, width: 2, channels: 8, stride: (1, 1), padding: (1, 1), paddingEnd: (1, 1), outputHeight: 2,
      outputWidth: 2)
    let planes = [Float](repeating: 1, count: 32)
    for kernel in kernels where kernel.traits.operation == Int32(ferry_pool_average.rawValue) {
      shape.countPadding = false
      #expect(run(kernel, shape, planes: planes, placement: .atEnd).allSatisfy { $0 == 1 })
      shape.countPadding = true
      #expect(run(kernel, shape, planes: planes, placement: .atEnd).allSatisfy { abs($0 - 4.0 / 9) < 1e-6 })
    }
  }

  private func run(
    _ kernel: ferry_f32_global_pool_kernel, planes: [Float], channels: Int, pixels: Int,
    placement: GuardedBuffer.Placement
  ) -> [Float] {
    let blocks = blockCount(channels)
    let input = GuardedBuffer(planes, placement), output = GuardedBuffer(blocks * 8, placement)
    var arguments = ferry_f32_global_pool_args()
    arguments.input = UnsafePointer(input.start)
    arguments.input_block_stride = pixels * 8
    (arguments.pixels, arguments.blocks) = (pixels, blocks)
    arguments.output = output.start
    (arguments.lower, arguments.upper) = (-.infinity, .infinity)
    kernel.run(&arguments)
    #expect(output.guardsIntact && input.guardsIntact)
    return lanes(output.values, channels: channels, pixels: 1)
  }

  @Test func everyGlobalKernelAgreesWithTheScalarOne() throws {
    for kernel in globalKernels where kernel.isa != ferry_isa_scalar {
      let scalar = try #require(
        globalKernels.first { $0.isa == ferry_isa_scalar && $0.traits.operation == kernel.traits.operation })
      for (channels, pixels) in [(8, 1), (3, 2), (17, 49), (24, 50), (9, 7)] {
        for placement in GuardedBuffer.Placement.allCases {
          var random = KernelRandom(channels + pixels)
          var planes = random.planes(channels: channels, pixels: pixels)
          if pixels % 2 == 1 { planes[1] = .nan }
          let expected = run(scalar, planes: planes, channels: channels, pixels: pixels, placement: placement)
          let actual = run(kernel, planes: planes, channels: channels, pixels: pixels, placement: placement)
          #expect(agree(expected, actual, tolerance: 1e-6), "\(String(cString: kernel.name)) \(channels) \(pixels)")
        }
      }
    }
  }
}
