import CKernels
import Testing

private let kernels: [ferry_f32_softmax_kernel] = {
  var count = 0
  let table = ferry_f32_softmax_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

@Suite struct SoftmaxTests {
  private func run(
    _ kernel: ferry_f32_softmax_kernel, values: [Float], columns: Int, placement: GuardedBuffer.Placement
  ) -> [Float] {
    let input = GuardedBuffer(values, placement), output = GuardedBuffer(values.count, placement)
    var arguments = ferry_f32_softmax_args()
    (arguments.input, arguments.output) = (UnsafePointer(input.start), output.start)
    (arguments.rows, arguments.columns) = (values.count / columns, columns)
    arguments.beta = 1.5
    kernel.run(&arguments)
    #expect(output.guardsIntact && input.guardsIntact)
    return output.values
  }

  @Test func everyKernelAgreesWithTheScalarOneAndRowsSumToOne() throws {
    let scalar = try #require(kernels.first { $0.isa == ferry_isa_scalar })
    for kernel in kernels {
      for columns in [1, 2, 7, 8, 9, 21, 64, 1001] {
        for placement in GuardedBuffer.Placement.allCases {
          var random = KernelRandom(columns)
          let values = random.floats(columns * 3, in: -40...90)
          let expected = run(scalar, values: values, columns: columns, placement: placement)
          let actual = run(kernel, values: values, columns: columns, placement: placement)
          #expect(agree(expected, actual, tolerance: 1e-6), "\(columns)")
          for row in 0..<3 {
            let sum = actual[(row * columns)..<((row + 1) * columns)].reduce(0) { $0 + Double($1) }
            #expect(abs(sum - 1) < 1e-5)
          }
        }
      }
    }
  }

  @Test func aNaNSpoilsItsOwnRowOnly() {
    for kernel in kernels {
      for place in 0..<11 {
        var values = [Float](repeating: 0.25, count: 33)
        values[11 + place] = .nan
        let result = run(kernel, values: values, columns: 11, placement: .atEnd)
        #expect(result[11..<22].allSatisfy({ $0.isNaN }))
        #expect(!result[..<11].contains(where: { $0.isNaN }) && !result[22...].contains(where: { $0.isNaN }))
      }
    }
  }
}
