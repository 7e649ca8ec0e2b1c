import CKernels
import Testing

private let binaryKernels: [ferry_f32_binary_kernel] = {
  var count = 0
  let table = ferry_f32_binary_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

private let unaryKernels: [ferry_f32_unary_kernel] = {
  var count = 0
  let table = ferry_f32_unary_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

private let special: [Float] = [
  0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 88.7, -87.4, -103, 89.5, -105, 1e-30, -1e-38, 3e38, .infinity, -.infinity,
  .nan,
]

@Suite struct ElementwiseTests {
  private func run(
    _ kernel: ferry_f32_binary_kernel, count: Int, modes: (ferry_operand_mode, ferry_operand_mode), seed: Int,
    placement: GuardedBuffer.Placement
  ) -> [Float] {
    var random = KernelRandom(seed)
    func operand(_ mode: ferry_operand_mode) -> GuardedBuffer {
      let length = mode == ferry_operand_run ? count : mode == ferry_operand_lanes ? 8 : 1
      var values = random.floats(length, in: -3...3)
      if length > 5 { values[4] = .nan }
      if length > 9 { values[9] = .infinity }
      return GuardedBuffer(values, placement)
    }
    let left = operand(modes.0), right = operand(modes.1), output = GuardedBuffer(count, placement)
    var arguments = ferry_f32_binary_args()
    (arguments.left, arguments.right) = (UnsafePointer(left.start), UnsafePointer(right.start))
    (arguments.left_mode, arguments.right_mode) = modes
    (arguments.output, arguments.count) = (output.start, count)
    (arguments.lower, arguments.upper) = bounds[seed % bounds.count]
    kernel.run(&arguments)
    #expect(output.guardsIntact && left.guardsIntact && right.guardsIntact)
    return output.values
  }

  @Test func everyBinaryKernelAgreesWithTheScalarOne() throws {
    let modes = [ferry_operand_run, ferry_operand_scalar, ferry_operand_lanes]
    for kernel in binaryKernels where kernel.isa != ferry_isa_scalar {
      let scalar = try #require(
        binaryKernels.first { $0.isa == ferry_isa_scalar && $0.traits.operation == kernel.traits.operation })
      for count in [1, 2, 7, 8, 9, 16, 31] {
        for (seed, placement) in GuardedBuffer.Placement.allCases.enumerated() {
          for left in modes {
            for right in modes {
              let expected = run(scalar, count: count, modes: (left, right), seed: count + seed, placement: placement)
              let actual = run(kernel, count: count, modes: (left, right), seed: count + seed, placement: placement)
              #expect(agree(expected, actual, tolerance: 0), "\(String(cString: kernel.name)) \(count)")
            }
          }
        }
      }
    }
  }

  private func run(
    _ kernel: ferry_f32_unary_kernel, values: [Float], bound: (Float, Float), placement: GuardedBuffer.Placement
  ) -> [Float] {
    let input = GuardedBuffer(values, placement), output = GuardedBuffer(values.count, placement)
    var arguments = ferry_f32_unary_args()
    (arguments.input, arguments.output) = (UnsafePointer(input.start), output.start)
    arguments.count = values.count
    (arguments.alpha, arguments.beta) = (1 / 6, 0.5)
    (arguments.lower, arguments.upper) = bound
    kernel.run(&arguments)
    #expect(output.guardsIntact && input.guardsIntact)
    return output.values
  }

  @Test func everyUnaryKernelAgreesWithTheScalarOne() throws {
    for kernel in unaryKernels where kernel.isa != ferry_isa_scalar {
      let scalar = try #require(
        unaryKernels.first { $0.isa == ferry_isa_scalar && $0.traits.operation == kernel.traits.operation })
      var random = KernelRandom(1)
      let long = special + random.floats(200, in: -90...90) + random.floats(100)
      for count in [1, 5, 8, 11, special.count, long.count] {
        for (index, placement) in GuardedBuffer.Placement.allCases.enumerated() {
          let values = Array(long.shuffled(using: &random).prefix(count))
          let bound = bounds[(count + index) % bounds.count]
          let expected = run(scalar, values: values, bound: bound, placement: placement)
          let actual = run(kernel, values: values, bound: bound, placement: placement)
          let close = zip(expected, actual).allSatisfy { x, y in
            x == y || (x.isNaN && y.isNaN) || abs(x - y) <= 4e-7 * max(abs(x), abs(y)) + 2e-38
          }
          #expect(close, "\(String(cString: kernel.name)) \(zip(values, zip(expected, actual)).map { $0 })")
        }
      }
    }
  }

  @Test func everyOperationHasAScalarKernelAndKeepsNaN() {
    for operation in 0..<Int32(ferry_unary_operation_count.rawValue) {
      let found = unaryKernels.filter { $0.traits.operation == operation }
      #expect(found.contains { $0.isa == ferry_isa_scalar })
      for kernel in found {
        #expect(
          run(kernel, values: [.nan], bound: (0, 6), placement: .atEnd)[0].isNaN, "\(String(cString: kernel.name))")
      }
    }
    for operation in 0..<Int32(ferry_binary_operation_count.rawValue) {
      #expect(binaryKernels.contains { $0.traits.operation == operation && $0.isa == ferry_isa_scalar })
    }
  }

  @Test func formulasGiveKnownValues() throws {
    let cases: [(ferry_unary_operation, Float, Float)] = [
      (ferry_unary_sigmoid, 0.7, 0.668_187_8), (ferry_unary_swish, -1.2, -0.277_770_1),
      (ferry_unary_hard_swish, 1, 0.666_666_7), (ferry_unary_hard_sigmoid, -9, 0), (ferry_unary_leaky_relu, -3, -0.5),
      (ferry_unary_elu, -1, -0.105_353_4), (ferry_unary_gelu, 0.5, 0.345_731_2), (ferry_unary_softplus, 2, 2.126_928),
      (ferry_unary_mish, 1, 0.865_098_4), (ferry_unary_round_to_even, 2.5, 2), (ferry_unary_sign, -4, -1),
      (ferry_unary_reciprocal_square_root, 4, 0.5), (ferry_unary_softsign, -3, -0.75),
      (ferry_unary_gelu_tanh, 0.5, 0.345_714),
    ]
    for (operation, x, expected) in cases {
      for kernel in unaryKernels where kernel.traits.operation == Int32(operation.rawValue) {
        let result = run(kernel, values: [x], bound: (-.infinity, .infinity), placement: .atEnd)[0]
        #expect(abs(result - expected) < 2e-6, "\(String(cString: kernel.name)) \(result)")
      }
    }
  }
}
