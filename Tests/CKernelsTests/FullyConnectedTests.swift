import CKernels
import Testing

private let kernels: [ferry_f32_fully_connected_kernel] = {
  var count = 0
  let table = ferry_f32_fully_connected_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

@Suite struct FullyConnectedTests {
  private func run(
    _ kernel: ferry_f32_fully_connected_kernel, rows: Int, inputs: Int, outputs: Int, seed: Int,
    placement: GuardedBuffer.Placement
  ) -> [Float] {
    var random = KernelRandom(seed)
    let input = GuardedBuffer(random.floats(rows * inputs), placement)
    let packed = GuardedBuffer(
      packedPanels(
        outputs: outputs, depth: inputs, panel: kernel.traits.panel, weights: random.floats(outputs * inputs),
        bias: random.floats(outputs)), placement)
    let output = GuardedBuffer(rows * outputs, placement)
    var arguments = ferry_f32_fully_connected_args()
    arguments.input = UnsafePointer(input.start)
    arguments.input_row_stride = inputs
    arguments.weights = UnsafePointer(packed.start)
    arguments.output = output.start
    arguments.output_row_stride = outputs
    (arguments.rows, arguments.inputs, arguments.outputs) = (rows, inputs, outputs)
    (arguments.lower, arguments.upper) = bounds[seed % bounds.count]
    kernel.run(&arguments)
    #expect(output.guardsIntact && input.guardsIntact && packed.guardsIntact)
    return output.values
  }

  @Test func everyKernelAgreesWithTheScalarOne() throws {
    let scalar = try #require(kernels.first { $0.isa == ferry_isa_scalar })
    for kernel in kernels where kernel.isa != ferry_isa_scalar {
      for outputs in [1, 2, 7, 8, 9, 16, 23, 31, 40, 45, 55, 63, 64, 65, 130] {
        for (rows, inputs) in [(1, 1), (3, 5), (2, 64), (1, 333)] {
          for placement in GuardedBuffer.Placement.allCases {
            let expected = run(
              scalar, rows: rows, inputs: inputs, outputs: outputs, seed: outputs + rows, placement: placement)
            let actual = run(
              kernel, rows: rows, inputs: inputs, outputs: outputs, seed: outputs + rows, placement: placement)
            #expect(expected.allSatisfy({ $0.isFinite }))
            #expect(agree(expected, actual, tolerance: 2e-7 * Float(inputs + 8)), "\(rows)x\(inputs)x\(outputs)")
          }
        }
      }
    }
  }
}
