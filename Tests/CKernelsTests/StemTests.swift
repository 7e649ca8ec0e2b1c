import CKernels
import Testing

private let kernels: [ferry_f32_stem_kernel] = {
  var count = 0
  let table = ferry_f32_stem_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

@Suite struct StemTests {
  struct Shape { var height, width, top, left, bottom, right, stride, outputs: Int }

  static let shapes: [Shape] = {
    var shapes: [Shape] = []
    for stride in 1...2 {
      for width in 3...17 {
        shapes.append(
          Shape(height: 6, width: width, top: 1, left: 1, bottom: 1, right: 1, stride: stride, outputs: 16))
      }
      for outputs in [1, 8, 24, 32, 43] {
        shapes.append(
          Shape(height: 8, width: 8, top: 0, left: 0, bottom: 1, right: 1, stride: stride, outputs: outputs))
      }
      shapes.append(Shape(height: 2, width: 1, top: 2, left: 2, bottom: 2, right: 3, stride: stride, outputs: 9))
      shapes.append(Shape(height: 5, width: 7, top: 0, left: 0, bottom: 0, right: 0, stride: stride, outputs: 8))
    }
    return shapes
  }()

  private func run(
    _ kernel: ferry_f32_stem_kernel, _ shape: Shape, channelsFirst: Bool, split: Bool, seed: Int,
    placement: GuardedBuffer.Placement
  ) -> [Float] {
    var random = KernelRandom(seed)
    let outputHeight = (shape.height + shape.top + shape.bottom - 3) / shape.stride + 1
    let outputWidth = (shape.width + shape.left + shape.right - 3) / shape.stride + 1
    let pixels = shape.height * shape.width, outputPixels = outputHeight * outputWidth
    let image = random.floats(pixels * 3)
    let input = GuardedBuffer(
      channelsFirst ? (0..<(pixels * 3)).map { image[$0 % pixels * 3 + $0 / pixels] } : image, placement)
    let blocks = blockCount(shape.outputs)
    let packed = GuardedBuffer(
      packedPanels(
        outputs: shape.outputs, depth: 27, panel: kernel.traits.panel, weights: random.floats(shape.outputs * 27),
        bias: random.floats(shape.outputs)), placement)
    let scratch = GuardedBuffer(3 * ((outputWidth - 1) * shape.stride + 3) * 3, placement)
    let output = GuardedBuffer(blocks * outputPixels * 8, placement)
    var arguments = ferry_f32_stem_args()
    arguments.input = UnsafePointer(input.start)
    arguments.input_row_stride = channelsFirst ? shape.width : shape.width * 3
    arguments.input_pixel_stride = channelsFirst ? 1 : 3
    arguments.input_channel_stride = channelsFirst ? pixels : 1
    (arguments.input_height, arguments.input_width) = (shape.height, shape.width)
    (arguments.padding_top, arguments.padding_left) = (shape.top, shape.left)
    arguments.stride = shape.stride
    arguments.weights = UnsafePointer(packed.start)
    arguments.output_block_stride = outputPixels * 8
    (arguments.output_width, arguments.output_blocks) = (outputWidth, blocks)
    arguments.scratch = scratch.start
    (arguments.lower, arguments.upper) = bounds[seed % bounds.count]
    let middle = split ? outputHeight / 2 : 0
    for (begin, end) in [(0, middle), (middle, outputHeight)] {
      (arguments.output_row_begin, arguments.output_row_end) = (begin, end)
      arguments.output = output.start + begin * outputWidth * 8
      kernel.run(&arguments)
    }
    #expect(output.guardsIntact && scratch.guardsIntact && input.guardsIntact)
    return lanes(output.values, channels: shape.outputs, pixels: outputPixels)
  }

  @Test(arguments: [false, true]) func everyKernelAgreesWithTheScalarOne(channelsFirst: Bool) throws {
    let scalar = try #require(kernels.first { $0.isa == ferry_isa_scalar })
    for kernel in kernels where kernel.isa != ferry_isa_scalar {
      for (seed, shape) in Self.shapes.enumerated() where shape.stride == Int(kernel.traits.stride) {
        for placement in GuardedBuffer.Placement.allCases {
          let expected = run(
            scalar, shape, channelsFirst: false, split: false, seed: seed, placement: placement)
          let actual = run(
            kernel, shape, channelsFirst: channelsFirst, split: seed % 2 == 0, seed: seed, placement: placement)
          #expect(agree(expected, actual, tolerance: 4e-6), "\(String(cString: kernel.name)) \(shape)")
        }
      }
    }
  }
}
