public import ArgumentParser
public import Ferry

/// `ferry bench`: how fast a model runs, and what takes the time.
struct BenchCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure how fast a model runs.",
    discussion: """
      Latencies are of the engine behind its first run, through the same calls that a program makes. The steps are timed \
      one by one on one thread.
      """
        + CommandExamples.text(
          "ferry bench model.safetensors --threads 2 --runs 300",
          "ferry bench model.tflite --no-steps --format json"))

  @Argument(help: "A .tflite, .onnx, .h5, .keras or .safetensors file.", completion: .model)
  var model: String

  @OptionGroup var inputs: InputOptions

  @Option(help: "Threads that share the work of one run.")
  var threads = 1

  @Option(help: "Runs behind the first.")
  var runs = 100

  @Option(help: "The best instructions that the kernels may use: automatic, avx2 or scalar.")
  var instructions = InstructionSet.automatic

  @Option(help: "How blocks of convolutions run: automatic, unfused, rows or panels.")
  var blocks = BlockStrategy.automatic

  @Flag(help: "Say why each block runs as it does.")
  var explainPlan = false

  @Flag(help: "Measure the whole only.")
  var noSteps = false

  @OptionGroup var global: GlobalOptions

  func execute(_ console: Console) throws(ModelError) -> Verdict {
    let options = BenchmarkOptions(
      runs: runs, engine: EngineOptions(instructionSet: instructions, threads: threads, blockStrategy: blocks),
      measuresSteps: !noSteps, isPlanExplained: explainPlan)
    console.progress("running \(model)")
    let report = try Model.benchmark(
      contentsOf: model, inputs: try inputs.tensors(), options: options,
      prepare: { (model) throws(ModelError) in
        console.findings(model.findings)
        return try inputs.shapes.applied(to: model)
      })
    try console.report(report)
    return .done
  }
}

extension InstructionSet: ExpressibleByArgument {}
extension BlockStrategy: ExpressibleByArgument {}
