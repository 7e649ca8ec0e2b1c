import CKernels
import Testing

private let convolutions: [ferry_q16_convolution_kernel] = {
  var count = 0
  let table = ferry_q16_convolution_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

private let binaries: [ferry_q16_binary_kernel] = {
  var count = 0
  let table = ferry_q16_binary_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

/// 16-bit counts.
@Suite struct WideCountTests {
  static let range: ClosedRange<Int32> = -32768...32767

  /// A 64-bit sum times a multiplier's upper half, one rounding; or a 32-bit one as 8-bit maps have it.
  private static func steps(_ sum: Int64, _ multiplier: Int32, _ shift: Int32, isWide: Bool) -> Double {
    if isWide {
      let reduced = min((Double(multiplier) / 65536).rounded(.toNearestOrAwayFromZero), 0x7FFF)
      return (Double(sum) * reduced / Double(1 << (15 - shift)) + 0.5).rounded(.down)
    }
    let product = Int64(Int32(truncatingIfNeeded: sum)) * Int64(multiplier)
    let high = (product + (product >= 0 ? 1 << 30 : 1 - (1 << 30))) / (1 << 31)
    return (Double(high) / Double(1 << -shift)).rounded(.toNearestOrAwayFromZero)
  }

  @Test(arguments: CountConvolutionTests.shapes.indices) func convolutionsGiveThePlainSums(index: Int) {
    var shape = CountConvolutionTests.shapes[index]
    let groups = shape.channels / shape.groupChannels
    shape.outputs = (shape.outputs + groups - 1) / groups * groups
    var random = KernelRandom(index)
    let map = (0..<(shape.height * shape.width * shape.channels)).map { _ in
      Int16.random(in: .min ... .max, using: &random)
    }
    let filter = (0..<(shape.outputs * shape.depth)).map { _ in Int8.random(in: -127...127, using: &random) }
    let bias = (0..<shape.outputs).map { _ in Int64.random(in: -1_000_000...1_000_000, using: &random) }
    let multipliers = (0..<shape.outputs).map { _ in Int32.random(in: (1 << 30)...Int32.max, using: &random) }
    let shifts = (0..<shape.outputs).map { _ in Int32.random(in: -10 ... -5, using: &random) }
    let realFactors = zip(multipliers, shifts).map { Double($0) / 0x1p31 / Double(1 << -$1) }
    for kernel in convolutions {
      let isWide = kernel.traits.operation == Int32(ferry_q16_wide.rawValue)
      let isReal = kernel.traits.operation == Int32(ferry_q16_real.rawValue)
      let expected = (0..<(shape.outputHeight * shape.outputWidth * shape.outputs)).map { position -> Int16 in
        let (pixel, o) = (position / shape.outputs, position % shape.outputs)
        let first = o / (shape.outputs / groups) * shape.groupChannels
        var sum = bias[o]
        for r in 0..<shape.kernel.height {
          for s in 0..<shape.kernel.width {
            let y = pixel / shape.outputWidth * shape.stride.y + r * shape.dilation.y - shape.padding.top
            let x = pixel % shape.outputWidth * shape.stride.x + s * shape.dilation.x - shape.padding.left
            guard (0..<shape.height).contains(y), (0..<shape.width).contains(x) else { continue }
            for k in 0..<shape.groupChannels {
              let weight = filter[((o * shape.kernel.height + r) * shape.kernel.width + s) * shape.groupChannels + k]
              sum += Int64(map[(y * shape.width + x) * shape.channels + first + k]) * Int64(weight)
            }
          }
        }
        let steps =
          isReal
          ? (Double(sum) * realFactors[o]).rounded(.toNearestOrAwayFromZero)
          : Self.steps(sum, multipliers[o], shifts[o], isWide: isWide)
        return Int16(min(max(steps, -30_000), 30_000))
      }
      for placement in GuardedPlacement.allCases {
        let input = GuardedMemory(map, placement), weights = GuardedMemory(filter, placement)
        let biases = GuardedMemory(bias, placement), output = GuardedMemory<Int16>(expected.count, placement)
        let multiplierRow = GuardedMemory(multipliers, placement), shiftRow = GuardedMemory(shifts, placement)
        let realRow = GuardedMemory(realFactors, placement)
        var arguments = ferry_q16_convolution_args()
        arguments.rescaling.wide_factors = UnsafePointer(realRow.start)
        (arguments.input, arguments.weights) = (UnsafePointer(input.start), UnsafePointer(weights.start))
        (arguments.bias, arguments.output) = (UnsafePointer(biases.start), output.start)
        (arguments.input_height, arguments.input_width) = (shape.height, shape.width)
        (arguments.input_channels, arguments.outputs) = (shape.channels, shape.outputs)
        (arguments.group_inputs, arguments.group_outputs) = (shape.groupChannels, shape.outputs / groups)
        arguments.output_width = shape.outputWidth
        (arguments.window.kernel_height, arguments.window.kernel_width) = (shape.kernel.height, shape.kernel.width)
        (arguments.window.stride_y, arguments.window.stride_x) = (shape.stride.y, shape.stride.x)
        (arguments.window.dilation_y, arguments.window.dilation_x) = (shape.dilation.y, shape.dilation.x)
        (arguments.window.padding_top, arguments.window.padding_left) = (shape.padding.top, shape.padding.left)
        arguments.rescaling.multipliers = UnsafePointer(multiplierRow.start)
        arguments.rescaling.shifts = UnsafePointer(shiftRow.start)
        (arguments.rescaling.lower, arguments.rescaling.upper) = (-30_000, 30_000)
        for range in [0..<1, 1..<shape.outputHeight] {
          (arguments.output_row_begin, arguments.output_row_end) = (range.lowerBound, range.upperBound)
          kernel.run(&arguments)
        }
        #expect(output.values == expected && output.guardsIntact, "\(index) \(isWide)")
      }
    }
  }

  @Test func functionsOfTwoCountsGiveThePlainResult() {
    var random = KernelRandom(5)
    let factors = (0..<3).map { _ in
      ferry_fixed_factor(
        multiplier: Int32.random(in: (1 << 30)...Int32.max, using: &random),
        shift: Int32.random(in: -2 ... -1, using: &random))
    }
    func scaled(_ x: Int32, _ factor: Int) -> Int32 {
      Int32(Self.steps(Int64(x), factors[factor].multiplier, factors[factor].shift, isWide: false))
    }
    for kernel in binaries {
      for count in [1, 9, 40] {
        for (leftStep, rightStep) in [(1, 1), (0, 1), (1, 0)] {
          let left = (0..<count).map { _ in Int16.random(in: .min ... .max, using: &random) }
          let right = (0..<count).map { _ in Int16.random(in: .min ... .max, using: &random) }
          let expected = (0..<count).map { i -> Int16 in
            let l = Int32(left[i * leftStep]), r = Int32(right[i * rightStep])
            let steps: Int32
            switch ferry_q16_binary_operation(UInt32(kernel.traits.operation)) {
            case ferry_q16_binary_sum: steps = scaled(scaled(l << 15, 0) &+ scaled(r << 15, 1), 2)
            case ferry_q16_binary_difference: steps = scaled(scaled(l << 15, 0) &- scaled(r << 15, 1), 2)
            case ferry_q16_binary_product: steps = scaled(l &* r, 2)
            case ferry_q16_binary_maximum: steps = max(l, r)
            default: steps = min(l, r)
            }
            return Int16(min(max(steps, -20_000), 32_000))
          }
          let first = GuardedMemory(left, .atEnd), second = GuardedMemory(right, .atEnd)
          let output = GuardedMemory<Int16>(count, .atEnd)
          var arguments = ferry_q16_binary_args()
          (arguments.left, arguments.right) = (UnsafePointer(first.start), UnsafePointer(second.start))
          (arguments.left_step, arguments.right_step) = (leftStep, rightStep)
          (arguments.output, arguments.count) = (output.start, count)
          (arguments.left_factor, arguments.right_factor, arguments.output_factor) = (
            factors[0], factors[1], factors[2]
          )
          (arguments.lower, arguments.upper) = (-20_000, 32_000)
          kernel.run(&arguments)
          #expect(output.values == expected && output.guardsIntact, "\(kernel.traits.operation) \(count)")
        }
      }
    }
  }
}
