import CKernels
import Testing

private let kernels: [ferry_q8_convolution_kernel] = {
  var count = 0
  let table = ferry_q8_convolution_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

private let depthwiseKernels: [ferry_q8_depthwise_kernel] = {
  var count = 0
  let table = ferry_q8_depthwise_kernels(&count)
  return runnable(table, count) { $0.isa }
}()

@Suite struct CountConvolutionTests {
  static let shapes: [PlainCountConvolution] = [
    PlainCountConvolution(),
    PlainCountConvolution(channels: 8, groupChannels: 8, outputs: 33, kernel: (1, 1), padding: (0, 0, 0, 0)),
    PlainCountConvolution(
      height: 1, width: 1, channels: 37, groupChannels: 37, outputs: 16, kernel: (1, 1), padding: (0, 0, 0, 0)),
    PlainCountConvolution(
      height: 9, width: 7, channels: 3, groupChannels: 3, outputs: 17, stride: (2, 2), padding: (0, 0, 1, 1)),
    PlainCountConvolution(
      height: 8, width: 9, channels: 5, groupChannels: 5, outputs: 6, stride: (2, 3), dilation: (2, 2),
      padding: (2, 2, 2, 2)),
    PlainCountConvolution(
      height: 6, width: 5, channels: 12, groupChannels: 4, outputs: 7, kernel: (2, 3), padding: (0, 2, 1, 2)),
    // A window that reaches over the whole map on both sides.
    PlainCountConvolution(
      height: 2, width: 2, channels: 2, groupChannels: 2, outputs: 1, kernel: (5, 5), padding: (2, 2, 2, 2)),
    PlainCountConvolution(
      height: 13, width: 2, channels: 1, groupChannels: 1, outputs: 8, kernel: (1, 1), padding: (0, 0, 0, 0)),
  ]

  @Test(arguments: shapes.indices) func everyKernelGivesThePlainSums(index: Int) {
    let shape = Self.shapes[index]
    var random = KernelRandom(index)
    for kind in CountKind.allCases {
      let map = random.bytes(shape.height * shape.width * shape.channels)
      let filter = random.bytes(shape.outputs * shape.depth)
      let zeroPoint = Int32.random(in: kind.range, using: &random)
      // Unsigned weights have a zero point of their own.
      let filterZeroPoint = kind.isUnsigned ? Int32.random(in: 0...255, using: &random) : 0
      let bias = (0..<shape.outputs).map { _ in Int32.random(in: -20_000...20_000, using: &random) }
      // The last group of the map.
      let first = shape.channels - shape.groupChannels
      for (rule, clamp) in [
        (ferry_rescaling_fixed, false), (ferry_rescaling_real, true), (ferry_rescaling_float64, true),
      ] {
        let rescaling = PlainRescaling(
          rule, channels: shape.outputs, magnitude: Float(shape.depth).squareRoot() * 9000, kind: kind,
          clamp: clamp, &random)
        var sums: [Int32] = [], counts: [UInt8] = []
        for y in 0..<shape.outputHeight {
          for x in 0..<shape.outputWidth {
            for o in 0..<shape.outputs {
              let sum =
                bias[o]
                &+ shape.sum(
                  map.map(kind.count), zeroPoint: zeroPoint, filter: filter.map(kind.count),
                  filterZeroPoint: filterZeroPoint, y: y, x: x, output: o, first: first)
              sums.append(sum)
              counts.append(UInt8(truncatingIfNeeded: rescaling.count(sum, channel: o)))
            }
          }
        }
        for kernel in kernels {
          for (placement, scratchPixels) in [(GuardedPlacement.atStart, 1), (.atEnd, 6), (.atEnd, 100)] {
            let result = run(
              kernel, shape, map: map, filter: filter, bias: bias, kind: kind, zeroPoint: zeroPoint,
              filterZeroPoint: filterZeroPoint, rescaling: rescaling, first: first, placement: placement,
              scratchPixels: scratchPixels)
            #expect(result.counts == counts && result.sums == sums, "\(index) \(kind) \(rule) \(scratchPixels)")
          }
        }
      }
    }
  }

  /// The counts and the sums of all pixels, in two calls of the kernel each.
  private func run(
    _ kernel: ferry_q8_convolution_kernel, _ shape: PlainCountConvolution, map: [UInt8], filter: [UInt8],
    bias: [Int32], kind: CountKind, zeroPoint: Int32, filterZeroPoint: Int32, rescaling: PlainRescaling, first: Int,
    placement: GuardedPlacement, scratchPixels: Int
  ) -> (counts: [UInt8], sums: [Int32]) {
    let panel = Int(kernel.traits.panel), padded = (shape.outputs + panel - 1) / panel * panel
    let even = (shape.depth + 1) / 2 * 2, pixels = shape.outputHeight * shape.outputWidth
    let input = GuardedMemory(map, placement)
    let weights = GuardedMemory<Int16>(padded * even, placement)
    let zeroPoints = [Int16](repeating: kind.reading(zeroPoint: filterZeroPoint).zero_point, count: shape.outputs)
    ferry_q8_pack_panels(filter, kind.flip, zeroPoints, shape.outputs, shape.depth, panel, weights.start)
    let biases = GuardedMemory(bias + [Int32](repeating: 0, count: padded - bias.count), placement)
    let scratch = GuardedMemory<Int16>(scratchPixels * even, placement)
    let counts = GuardedMemory<UInt8>(pixels * shape.outputs, placement)
    let sums = GuardedMemory<Int32>(pixels * shape.outputs, placement)
    rescaling.withArguments(padding: panel) { rescaling in
      var arguments = ferry_q8_convolution_args()
      arguments.input = UnsafePointer(input.start) + first
      arguments.input_pixel_stride = shape.channels
      arguments.input_row_stride = shape.channels * shape.width
      (arguments.input_height, arguments.input_width) = (shape.height, shape.width)
      arguments.input_channels = shape.groupChannels
      arguments.reading = kind.reading(zeroPoint: zeroPoint)
      arguments.weights = UnsafePointer(weights.start)
      arguments.bias = UnsafePointer(biases.start)
      (arguments.output_pixel_stride, arguments.outputs) = (shape.outputs, shape.outputs)
      arguments.output_width = shape.outputWidth
      (arguments.window.kernel_height, arguments.window.kernel_width) = (shape.kernel.height, shape.kernel.width)
      (arguments.window.stride_y, arguments.window.stride_x) = (shape.stride.y, shape.stride.x)
      (arguments.window.dilation_y, arguments.window.dilation_x) = (shape.dilation.y, shape.dilation.x)
      (arguments.window.padding_top, arguments.window.padding_left) = (shape.padding.top, shape.padding.left)
      (arguments.scratch, arguments.scratch_pixels) = (scratch.start, scratchPixels)
      arguments.rescaling = rescaling
      let middle = pixels / 3
      for range in [0..<middle, middle..<pixels] {
        (arguments.pixel_begin, arguments.pixel_end) = (range.lowerBound, range.upperBound)
        (arguments.output, arguments.sums) = (counts.start, nil)
        kernel.run(&arguments)
        (arguments.output, arguments.sums) = (nil, sums.start)
        kernel.run(&arguments)
      }
    }
    #expect(
      input.guardsIntact && weights.guardsIntact && biases.guardsIntact && scratch.guardsIntact && counts.guardsIntact
        && sums.guardsIntact)
    return (counts.values, sums.values)
  }

  @Test(arguments: [1, 3, 8, 16, 17, 24, 31, 32, 40]) func everyDepthwiseKernelGivesThePlainSums(channels: Int) {
    var random = KernelRandom(channels)
    for (kind, rule) in [
      (CountKind.allCases[0], ferry_rescaling_fixed), (CountKind.allCases[1], ferry_rescaling_real),
      (CountKind.allCases[0], ferry_rescaling_float64),
    ] {
      for (stride, dilation, padding) in [(1, 1, (1, 1, 1, 1)), (2, 1, (0, 0, 1, 1)), (1, 2, (2, 2, 2, 2))] {
        let shape = PlainCountConvolution(
          height: 7, width: 6, channels: channels, groupChannels: 1, outputs: channels, stride: (stride, stride),
          dilation: (dilation, dilation), padding: padding)
        let map = random.bytes(shape.height * shape.width * channels), filter = random.bytes(channels * 9)
        let zeroPoint = Int32.random(in: kind.range, using: &random)
        let filterZeroPoint = kind.isUnsigned ? Int32.random(in: 0...255, using: &random) : 0
        let bias = (0..<channels).map { _ in Int32.random(in: -9000...9000, using: &random) }
        let rescaling = PlainRescaling(
          rule, channels: channels, magnitude: 30_000, kind: kind, clamp: rule == ferry_rescaling_fixed, &random)
        var sums: [Int32] = [], counts: [UInt8] = []
        for y in 0..<shape.outputHeight {
          for x in 0..<shape.outputWidth {
            for c in 0..<channels {
              let sum =
                bias[c]
                &+ shape.sum(
                  map.map(kind.count), zeroPoint: zeroPoint, filter: filter.map(kind.count),
                  filterZeroPoint: filterZeroPoint, y: y, x: x, output: c, first: c)
              sums.append(sum)
              counts.append(UInt8(truncatingIfNeeded: rescaling.count(sum, channel: c)))
            }
          }
        }
        for kernel in depthwiseKernels {
          for placement in GuardedPlacement.allCases {
            let result = run(
              kernel, shape, map: map, filter: filter, bias: bias, kind: kind, zeroPoint: zeroPoint,
              filterZeroPoint: filterZeroPoint, rescaling: rescaling, placement: placement)
            #expect(result.counts == counts && result.sums == sums, "\(channels) \(stride) \(dilation) \(rule)")
          }
        }
      }
    }
  }

  /// The counts and the sums of all rows, in two calls of the kernel each.
  private func run(
    _ kernel: ferry_q8_depthwise_kernel, _ shape: PlainCountConvolution, map: [UInt8], filter: [UInt8],
    bias: [Int32], kind: CountKind, zeroPoint: Int32, filterZeroPoint: Int32, rescaling: PlainRescaling,
    placement: GuardedPlacement
  ) -> (counts: [UInt8], sums: [Int32]) {
    let lanes = Int(ferry_q8_depthwise_lanes), padded = (shape.channels + lanes - 1) / lanes * lanes
    let input = GuardedMemory(map, placement)
    let weights = GuardedMemory<Int16>(padded * shape.depth, placement)
    let zeroPoints = [Int16](repeating: kind.reading(zeroPoint: filterZeroPoint).zero_point, count: shape.channels)
    ferry_q8_pack_depthwise(filter, kind.flip, zeroPoints, shape.channels, shape.depth, weights.start)
    let biases = GuardedMemory(bias + [Int32](repeating: 0, count: padded - bias.count), placement)
    let pixels = shape.outputHeight * shape.outputWidth
    let counts = GuardedMemory<UInt8>(pixels * shape.channels, placement)
    let sums = GuardedMemory<Int32>(pixels * shape.channels, placement)
    rescaling.withArguments(padding: lanes) { rescaling in
      var arguments = ferry_q8_depthwise_args()
      arguments.input = UnsafePointer(input.start)
      (arguments.input_height, arguments.input_width) = (shape.height, shape.width)
      arguments.reading = kind.reading(zeroPoint: zeroPoint)
      arguments.weights = UnsafePointer(weights.start)
      arguments.bias = UnsafePointer(biases.start)
      (arguments.channels, arguments.output_width) = (shape.channels, shape.outputWidth)
      (arguments.window.kernel_height, arguments.window.kernel_width) = (shape.kernel.height, shape.kernel.width)
      (arguments.window.stride_y, arguments.window.stride_x) = (shape.stride.y, shape.stride.x)
      (arguments.window.dilation_y, arguments.window.dilation_x) = (shape.dilation.y, shape.dilation.x)
      (arguments.window.padding_top, arguments.window.padding_left) = (shape.padding.top, shape.padding.left)
      arguments.rescaling = rescaling
      let middle = shape.outputHeight / 2
      for range in [0..<middle, middle..<shape.outputHeight] {
        (arguments.output_row_begin, arguments.output_row_end) = (range.lowerBound, range.upperBound)
        (arguments.output, arguments.sums) = (counts.start, nil)
        kernel.run(&arguments)
        (arguments.output, arguments.sums) = (nil, sums.start)
        kernel.run(&arguments)
      }
    }
    #expect(
      input.guardsIntact && weights.guardsIntact && biases.guardsIntact && counts.guardsIntact && sums.guardsIntact)
    return (counts.values, sums.values)
  }
}
