import CKernels
public import ModelGraph

/// What one core of this machine can do at most, measured in a few milliseconds.
public struct MachineSpeed: Hashable, Sendable {
  public let cyclesPerSecond: Double
  /// Of float32, from caches that hold everything.
  public let multiplyAccumulatesPerSecond: Double

  /// Measures with the kernels of an instruction set.
  public init(_ instructionSet: InstructionSet = .automatic) throws(ModelError) {
    cyclesPerSecond = Self.best(of: 20) { Double(ferry_dependent_additions(200_000)) }
    let kernel = try KernelSet(instructionSet).pointwise()
    let (pixels, inputs, outputs) = (84, 128, 32)
    let input = try AlignedMemory(floats: pixels * inputs)
    let weights = try AlignedMemory(floats: (inputs + 1) * outputs)
    let output = try AlignedMemory(floats: pixels * outputs)
    var arguments = ferry_f32_pointwise_args()
    (arguments.input, arguments.input_block_stride) = (UnsafePointer(input.floats), pixels * 8)
    arguments.weights = UnsafePointer(weights.floats)
    (arguments.output, arguments.output_block_stride) = (output.floats, pixels * 8)
    (arguments.pixels, arguments.input_channels, arguments.output_blocks) = (pixels, inputs, outputs / 8)
    (arguments.lower, arguments.upper) = (-.infinity, .infinity)
    multiplyAccumulatesPerSecond = withExtendedLifetime((input, weights, output)) {
      Self.best(of: 50) {
        for _ in 0..<16 { kernel.run(&arguments) }
        return Double(16 * pixels * inputs * outputs)
      }
    }
  }

  /// The highest rate of several attempts at something that says how much it did.
  private static func best(of attempts: Int, _ body: () -> Double) -> Double {
    var best = 0.0
    for _ in 0..<attempts {
      let start = MonotonicClock.seconds
      let done = body()
      best = max(best, done / max(MonotonicClock.seconds - start, 1e-9))
    }
    return best
  }
}
