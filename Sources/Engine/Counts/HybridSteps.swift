import CKernels
import ModelGraph

/// Rows of real numbers to int8 counts, each row with a scale of its own.
struct QuantizeRowsStep: Step {
  let kernel: ferry_f32_quantize_rows_kernel
  let input: BufferID
  let output: BufferID
  /// ``ferry_row_parameters`` of each row.
  let parameters: BufferID
  let rows: Int
  let columns: Int

  var stages: [Int] { [rows] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    var arguments = ferry_f32_quantize_rows_args()
    arguments.input = UnsafePointer(memory[input] + units.lowerBound * columns)
    arguments.output = memory.bytes(output).assumingMemoryBound(to: Int8.self) + units.lowerBound * columns
    arguments.parameters = memory.rowParameters(parameters) + units.lowerBound
    (arguments.rows, arguments.columns) = (units.count, columns)
    kernel.run(&arguments)
  }
}

/// Sums of products of a row's counts back to real numbers.
struct SumsToRealsStep: Step {
  let kernel: ferry_q8_reals_kernel
  let input: BufferID
  let output: BufferID
  let parameters: BufferID
  /// Scales of the weights, and the bias behind them where there is one; one each a channel.
  let channelConstants: BufferID
  let hasBias: Bool
  let rows: Int
  /// Pixels of one row.
  let columns: Int
  let channels: Int
  let bounds: Bounds

  var stages: [Int] { [rows] }

  func run(_ memory: Memory, stage: Int, units: Range<Int>, lane: Int) {
    let first = units.lowerBound * columns * channels
    var arguments = ferry_q8_reals_args()
    arguments.sums = UnsafePointer(memory.bytes(input).assumingMemoryBound(to: Int32.self) + first)
    arguments.output = memory[output] + first
    arguments.parameters = UnsafePointer(memory.rowParameters(parameters) + units.lowerBound)
    arguments.scales = UnsafePointer(memory[channelConstants])
    if hasBias { arguments.bias = UnsafePointer(memory[channelConstants] + channels) }
    (arguments.rows, arguments.columns, arguments.channels) = (units.count, columns, channels)
    (arguments.lower, arguments.upper) = (bounds.lower, bounds.upper)
    kernel.run(&arguments)
  }
}

extension Memory {
  /// What the counts of each row stand for.
  func rowParameters(_ buffer: BufferID) -> UnsafeMutablePointer<ferry_row_parameters> {
    bytes(buffer).assumingMemoryBound(to: ferry_row_parameters.self)
  }
}
