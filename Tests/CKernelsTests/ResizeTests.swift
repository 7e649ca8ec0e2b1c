import CKernels
import Testing

private let kernels: [ferry_f32_resize_kernel] = {
  var count = 0
  let table = ferry_f32_resize_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

@Suite struct ResizeTests {
  private func taps(_ output: Int, from input: Int) -> [ferry_resize_tap] {
    (0..<output).map { index in
      let place = Float(index) * Float(input) / Float(output)
      let first = min(Int(place), input - 1)
      return ferry_resize_tap(
        first: UInt32(first), second: UInt32(min(first + 1, input - 1)), fraction: place - Float(first))
    }
  }

  private func run(
    _ kernel: ferry_f32_resize_kernel, input size: (Int, Int), output: (Int, Int), channels: Int,
    placement: GuardedBuffer.Placement
  ) -> [Float] {
    var random = KernelRandom(size.0 + output.1)
    let blocks = blockCount(channels), pixels = size.0 * size.1, outputPixels = output.0 * output.1
    let input = GuardedBuffer(random.planes(channels: channels, pixels: pixels), placement)
    let result = GuardedBuffer(blocks * outputPixels * 8, placement)
    var arguments = ferry_f32_resize_args()
    arguments.input = UnsafePointer(input.start)
    arguments.input_block_stride = pixels * 8
    arguments.input_width = size.1
    arguments.output = result.start
    arguments.output_block_stride = outputPixels * 8
    (arguments.output_height, arguments.output_width) = output
    arguments.blocks = blocks
    taps(output.0, from: size.0).withUnsafeBufferPointer { rows in
      taps(output.1, from: size.1).withUnsafeBufferPointer { columns in
        (arguments.rows, arguments.columns) = (rows.baseAddress, columns.baseAddress)
        kernel.run(&arguments)
      }
    }
    #expect(result.guardsIntact && input.guardsIntact)
    return lanes(result.values, channels: channels, pixels: outputPixels)
  }

  @Test func everyKernelAgreesWithTheScalarOne() throws {
    for kernel in kernels where kernel.isa != ferry_isa_scalar {
      let scalar = try #require(
        kernels.first { $0.isa == ferry_isa_scalar && $0.traits.operation == kernel.traits.operation })
      // Rows that share what they take from the input, and more columns than are sampled at once.
      let large = [((4, 5), (31, 70), 13), ((2, 40), (9, 32), 5), ((5, 3), (40, 33), 8)]
      for (size, output, channels) in [((1, 1), (5, 4), 8), ((3, 4), (7, 9), 13), ((8, 6), (3, 2), 21)] + large {
        for placement in GuardedBuffer.Placement.allCases {
          let expected = run(scalar, input: size, output: output, channels: channels, placement: placement)
          let actual = run(kernel, input: size, output: output, channels: channels, placement: placement)
          #expect(expected.allSatisfy({ $0.isFinite }))
          #expect(agree(expected, actual, tolerance: 1e-6), "\(String(cString: kernel.name)) \(size) \(output)")
        }
      }
    }
  }
}
