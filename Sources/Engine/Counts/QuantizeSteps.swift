import CKernels

/// Real numbers to counts.
struct QuantizeStep: SerialStep {
  let kernel: ferry_f32_quantize_kernel
  let input: BufferID
  let output: BufferID
  /// Bytes of one count.
  let width: Int
  let runs: ScaledRuns
  let range: ClosedRange<Int32>

  func run(_ memory: Memory) {
    var arguments = ferry_f32_quantize_args()
    (arguments.count, arguments.width) = (runs.length, width)
    (arguments.lower, arguments.upper) = (range.lowerBound, range.upperBound)
    runs.forEach { first, parameters in
      arguments.input = UnsafePointer(memory[input] + first)
      arguments.output = memory.bytes(output) + first * width
      (arguments.scale, arguments.zero_point) = (parameters.scale, parameters.zeroPoint)
      kernel.run(&arguments)
    }
  }
}

/// Counts to real numbers.
struct DequantizeStep: SerialStep {
  let kernel: ferry_dequantize_kernel
  let input: BufferID
  let output: BufferID
  /// Bytes of one count.
  let width: Int
  let runs: ScaledRuns

  func run(_ memory: Memory) {
    var arguments = ferry_dequantize_args()
    arguments.count = runs.length
    runs.forEach { first, parameters in
      arguments.input = UnsafeRawPointer(memory.bytes(input) + first * width)
      arguments.output = memory[output] + first
      (arguments.scale, arguments.zero_point) = (parameters.scale, parameters.zeroPoint)
      kernel.run(&arguments)
    }
  }
}

/// Real numbers to uint8 counts, the scale and the zero point chosen from the numbers.
struct QuantizeDynamicallyStep: SerialStep {
  let kernel: ferry_f32_quantize_dynamic_kernel
  let input: BufferID
  let output: BufferID
  let scale: BufferID
  let zeroPoint: BufferID
  let count: Int

  func run(_ memory: Memory) {
    var arguments = ferry_f32_quantize_dynamic_args()
    (arguments.input, arguments.output, arguments.count) = (UnsafePointer(memory[input]), memory.counts(output), count)
    (arguments.scale, arguments.zero_point) = (memory[scale], memory.counts(zeroPoint))
    kernel.run(&arguments)
  }
}
