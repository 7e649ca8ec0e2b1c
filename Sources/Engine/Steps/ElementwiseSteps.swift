import CKernels

/// One function over a whole buffer.
struct UnaryStep: SerialStep {
  let kernel: ferry_f32_unary_kernel
  let input: BufferID
  let output: BufferID
  let count: Int
  let alpha: Float
  let beta: Float
  let bounds: Bounds

  func run(_ memory: Memory) {
    var arguments = ferry_f32_unary_args()
    (arguments.input, arguments.output, arguments.count) = (UnsafePointer(memory[input]), memory[output], count)
    (arguments.alpha, arguments.beta) = (alpha, beta)
    (arguments.lower, arguments.upper) = (bounds.lower, bounds.upper)
    kernel.run(&arguments)
  }
}

/// One function of two operands, run by run: the outer axes step through both, a kernel call covers the innermost.
struct BinaryStep: SerialStep {
  let kernel: ferry_f32_binary_kernel
  let left: BufferID
  let right: BufferID
  let output: BufferID
  let loop: BroadcastLoop
  let bounds: Bounds

  func run(_ memory: Memory) {
    var arguments = ferry_f32_binary_args()
    (arguments.left_mode, arguments.right_mode) = (loop.leftMode, loop.rightMode)
    arguments.count = loop.inner
    (arguments.lower, arguments.upper) = (bounds.lower, bounds.upper)
    loop.forEachRun(memory, left, right, to: output, as: Float.self) { left, right, output in
      (arguments.left, arguments.right, arguments.output) = (left, right, output)
      kernel.run(&arguments)
    }
  }
}

/// Softmax over rows.
struct SoftmaxStep: SerialStep {
  let kernel: ferry_f32_softmax_kernel
  let input: BufferID
  let output: BufferID
  let rows: Int
  let columns: Int
  let beta: Float

  func run(_ memory: Memory) {
    var arguments = ferry_f32_softmax_args()
    (arguments.input, arguments.output) = (UnsafePointer(memory[input]), memory[output])
    (arguments.rows, arguments.columns, arguments.beta) = (rows, columns, beta)
    kernel.run(&arguments)
  }
}
