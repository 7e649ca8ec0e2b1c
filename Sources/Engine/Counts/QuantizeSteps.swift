import CKernels

/// Real numbers to counts.
struct QuantizeStep: SerialStep {
  let kernel: ferry_f32_quantize_kernel
  let input: BufferID
  let output: BufferID
  let count: Int
  /// Bytes of one count.
  let width: Int
  let scale: Float
  let zeroPoint: Int32
  let range: ClosedRange<Int32>

  func run(_ memory: Memory) {
    var arguments = ferry_f32_quantize_args()
    (arguments.input, arguments.output) = (UnsafePointer(memory[input]), memory.bytes(output))
    (arguments.count, arguments.width) = (count, width)
    (arguments.scale, arguments.zero_point) = (scale, zeroPoint)
    (arguments.lower, arguments.upper) = (range.lowerBound, range.upperBound)
    kernel.run(&arguments)
  }
}

/// Counts of 16 or 32 bits to real numbers.
struct DequantizeStep: SerialStep {
  let kernel: ferry_dequantize_kernel
  let input: BufferID
  let output: BufferID
  let count: Int
  let scale: Float
  let zeroPoint: Int32

  func run(_ memory: Memory) {
    var arguments = ferry_dequantize_args()
    (arguments.input, arguments.output) = (UnsafeRawPointer(memory.bytes(input)), memory[output])
    (arguments.count, arguments.scale, arguments.zero_point) = (count, scale, zeroPoint)
    kernel.run(&arguments)
  }
}
