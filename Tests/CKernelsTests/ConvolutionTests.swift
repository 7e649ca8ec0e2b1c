import CKernels
import Testing

private let kernels: [ferry_f32_convolution_kernel] = {
  var count = 0
  let table = ferry_f32_convolution_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

@Suite struct ConvolutionTests {
  struct Shape {
    var height, width, inputs, outputs, kernelHeight, kernelWidth, strideY, strideX, dilationY, dilationX: Int

    var outputHeight: Int { (height - (kernelHeight - 1) * dilationY - 1) / strideY + 1 }
    var outputWidth: Int { (width - (kernelWidth - 1) * dilationX - 1) / strideX + 1 }
  }

  static let shapes: [Shape] = {
    var shapes: [Shape] = []
    func add(_ h: Int, _ w: Int, _ c: Int, _ o: Int, _ kh: Int, _ kw: Int, _ s: (Int, Int), _ d: (Int, Int)) {
      shapes.append(
        Shape(
          height: h, width: w, inputs: c, outputs: o, kernelHeight: kh, kernelWidth: kw, strideY: s.0, strideX: s.1,
          dilationY: d.0, dilationX: d.1))
    }
    for width in 3...16 { add(4, width, 8, 16, 3, 3, (1, 1), (1, 1)) }
    for width in [5, 9, 14] { add(7, width, 5, 24, 3, 3, (2, 2), (1, 1)) }
    add(9, 9, 17, 7, 5, 3, (1, 2), (2, 1))
    add(9, 11, 3, 33, 7, 7, (2, 2), (1, 1))
    add(5, 6, 12, 9, 1, 1, (2, 3), (1, 1))
    add(6, 8, 9, 8, 2, 4, (3, 1), (1, 2))
    return shapes
  }()

  private func run(
    _ kernel: ferry_f32_convolution_kernel, _ shape: Shape, seed: Int, placement: GuardedBuffer.Placement
  ) -> [Float] {
    var random = KernelRandom(seed)
    let depth = shape.kernelHeight * shape.kernelWidth * shape.inputs, blocks = blockCount(shape.outputs)
    let pixels = shape.height * shape.width, outputPixels = shape.outputHeight * shape.outputWidth
    let input = GuardedBuffer(random.planes(channels: shape.inputs, pixels: pixels), placement)
    let packed = GuardedBuffer(
      packedPanels(
        outputs: shape.outputs, depth: depth, panel: kernel.traits.panel,
        weights: random.floats(shape.outputs * depth), bias: random.floats(shape.outputs)), placement)
    let output = GuardedBuffer(blocks * outputPixels * 8, placement)
    var arguments = ferry_f32_convolution_args()
    arguments.input = UnsafePointer(input.start)
    arguments.input_block_stride = pixels * 8
    arguments.input_row_stride = shape.width * 8
    arguments.weights = UnsafePointer(packed.start)
    arguments.output = output.start
    arguments.output_block_stride = outputPixels * 8
    (arguments.output_height, arguments.output_width) = (shape.outputHeight, shape.outputWidth)
    (arguments.input_channels, arguments.output_blocks) = (shape.inputs, blocks)
    (arguments.kernel_height, arguments.kernel_width) = (shape.kernelHeight, shape.kernelWidth)
    (arguments.stride_y, arguments.stride_x) = (shape.strideY, shape.strideX)
    (arguments.dilation_y, arguments.dilation_x) = (shape.dilationY, shape.dilationX)
    (arguments.lower, arguments.upper) = bounds[seed % bounds.count]
    kernel.run(&arguments)
    #expect(output.guardsIntact && input.guardsIntact && packed.guardsIntact)
    return lanes(output.values, channels: shape.outputs, pixels: outputPixels)
  }

  @Test func everyKernelAgreesWithTheScalarOne() throws {
    let scalar = try #require(kernels.first { $0.isa == ferry_isa_scalar })
    for kernel in kernels where kernel.isa != ferry_isa_scalar {
      for (seed, shape) in Self.shapes.enumerated() {
        for placement in GuardedBuffer.Placement.allCases {
          let expected = run(scalar, shape, seed: seed, placement: placement)
          let actual = run(kernel, shape, seed: seed, placement: placement)
          let depth = Float(shape.kernelHeight * shape.kernelWidth * shape.inputs)
          #expect(expected.allSatisfy({ $0.isFinite }))
          #expect(agree(expected, actual, tolerance: 2e-7 * (depth + 8)), "\(String(cString: kernel.name)) \(shape)")
        }
      }
    }
  }
}
