import CKernels
import Testing

private let kernels: [ferry_f32_pointwise_kernel] = {
  var count = 0
  let table = ferry_f32_pointwise_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

@Suite struct PointwiseTests {
  struct Shape { var pixels, inputs, outputs: Int }

  static let shapes: [Shape] = {
    var shapes: [Shape] = []
    for pixels in 1...26 { shapes.append(Shape(pixels: pixels, inputs: 16, outputs: 24)) }
    for inputs in [1, 3, 7, 8, 9, 15, 24, 33] { shapes.append(Shape(pixels: 13, inputs: inputs, outputs: 16)) }
    for outputs in [1, 7, 8, 9, 17, 24, 31, 40] { shapes.append(Shape(pixels: 11, inputs: 12, outputs: outputs)) }
    shapes.append(Shape(pixels: 49, inputs: 160, outputs: 48))
    // Every tile of every width of the last panel, with short sums and with long ones.
    for pixels in 1...15 {
      for outputs in [8, 16, 24, 56] {
        for inputs in [10, 131] { shapes.append(Shape(pixels: pixels, inputs: inputs, outputs: outputs)) }
      }
    }
    return shapes
  }()

  private func run(
    _ kernel: ferry_f32_pointwise_kernel, _ shape: Shape, seed: Int, residual: Bool, bound: (Float, Float),
    placement: GuardedBuffer.Placement, poke: Float? = nil, rectified: Bool = false
  ) -> [Float] {
    var random = KernelRandom(seed)
    let blocks = blockCount(shape.outputs)
    var planes = random.planes(channels: shape.inputs, pixels: shape.pixels)
    if rectified { planes = planes.map { $0 < 0 ? 0 : $0 } }
    if let poke { planes[0] = poke }
    let input = GuardedBuffer(planes, placement)
    let weights = random.floats(shape.outputs * shape.inputs)
    let bias = random.floats(shape.outputs)
    let packed = GuardedBuffer(
      packedPanels(
        outputs: shape.outputs, depth: shape.inputs, panel: kernel.traits.panel, weights: weights,
        bias: seed % 2 == 0 ? bias : nil), placement)
    let added = GuardedBuffer(random.floats(blocks * shape.pixels * 8), placement)
    let output = GuardedBuffer(blocks * shape.pixels * 8, placement)
    var arguments = ferry_f32_pointwise_args()
    arguments.input = UnsafePointer(input.start)
    arguments.input_block_stride = shape.pixels * 8
    arguments.weights = UnsafePointer(packed.start)
    if residual { arguments.residual = UnsafePointer(added.start) }
    arguments.residual_block_stride = shape.pixels * 8
    arguments.output = output.start
    arguments.output_block_stride = shape.pixels * 8
    arguments.pixels = shape.pixels
    arguments.input_channels = shape.inputs
    arguments.output_blocks = blocks
    (arguments.lower, arguments.upper) = bound
    kernel.run(&arguments)
    #expect(output.guardsIntact && input.guardsIntact && packed.guardsIntact)
    return lanes(output.values, channels: shape.outputs, pixels: shape.pixels)
  }

  @Test func everyKernelAgreesWithTheScalarOne() throws {
    let scalar = try #require(kernels.first { $0.isa == ferry_isa_scalar })
    for kernel in kernels where kernel.isa != ferry_isa_scalar {
      for (seed, shape) in Self.shapes.enumerated() {
        for placement in GuardedBuffer.Placement.allCases {
          let bound = bounds[seed % bounds.count], residual = seed % 3 == 1
          let expected = run(scalar, shape, seed: seed, residual: residual, bound: bound, placement: placement)
          let actual = run(kernel, shape, seed: seed, residual: residual, bound: bound, placement: placement)
          #expect(expected.allSatisfy({ $0.isFinite }), "\(shape)")
          #expect(
            agree(expected, actual, tolerance: 1e-6 * Float(shape.inputs + 4)),
            "\(String(cString: kernel.name)) \(shape)")
        }
      }
    }
  }

  /// Half of the input is zero: few enough products are left to leave the others out.
  @Test func leavingZeroesOutChangesNoBit() throws {
    let scalar = try #require(kernels.first { $0.isa == ferry_isa_scalar })
    for kernel in kernels where kernel.traits.operation == Int32(ferry_pointwise_skips_zeroes.rawValue) {
      let dense = try #require(
        kernels.last { $0.isa == kernel.isa && $0.traits.operation == Int32(ferry_pointwise_multiplies_all.rawValue) })
      var shapes = (1...20).map { Shape(pixels: 9, inputs: 20, outputs: $0 * 8) }
      shapes += [1, 2, 15, 16, 17, 49].map { Shape(pixels: $0, inputs: 131, outputs: 60) }
      shapes += [168, 331].map { Shape(pixels: 5, inputs: 96, outputs: $0) }
      // Several panels, and more pixels than are listed at once for them.
      shapes += [31, 32, 33, 65].map { Shape(pixels: $0, inputs: 44, outputs: 328) }
      shapes += [2, 9, 17].map { Shape(pixels: $0, inputs: 4096, outputs: 168) }
      for (seed, shape) in shapes.enumerated() {
        for placement in GuardedBuffer.Placement.allCases {
          let bound = bounds[seed % bounds.count], residual = seed % 3 == 1
          let results = [scalar, dense, kernel].map {
            run(
              $0, shape, seed: seed, residual: residual, bound: bound, placement: placement, rectified: true)
          }
          #expect(results[1].map(\.bitPattern) == results[2].map(\.bitPattern), "\(shape)")
          #expect(agree(results[0], results[2], tolerance: 1e-6 * Float(shape.inputs + 4)), "\(shape)")
        }
      }
    }
  }

  @Test func theScalarKernelComputesTheSum() throws {
    let scalar = try #require(kernels.first { $0.isa == ferry_isa_scalar })
    var random = KernelRandom(2)
    let planes = random.planes(channels: 3, pixels: 2)
    let weights = random.floats(2 * 3), bias = random.floats(2)
    let x = lanes(planes, channels: 3, pixels: 2)
    var expected: [Float] = []
    for pixel in 0..<2 {
      for o in 0..<2 { expected.append((0..<3).reduce(bias[o]) { $0 + weights[o * 3 + $1] * x[pixel * 3 + $1] }) }
    }
    let shape = Shape(pixels: 2, inputs: 3, outputs: 2)
    let actual = run(
      scalar, shape, seed: 2, residual: false, bound: (-.infinity, .infinity), placement: .atEnd)
    #expect(agree(expected, actual, tolerance: 1e-6))
  }

  @Test func nanInIsNaNOutOfTheSamePixel() {
    for kernel in kernels {
      let shape = Shape(pixels: 7, inputs: 9, outputs: 11)
      let result = run(
        kernel, shape, seed: 5, residual: false, bound: (0, 6), placement: .atEnd, poke: .nan)
      #expect(result[..<11].allSatisfy({ $0.isNaN }))
      #expect(!result[11...].contains(where: { $0.isNaN }))
    }
  }
}
