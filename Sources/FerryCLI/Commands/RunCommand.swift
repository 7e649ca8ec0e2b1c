import ArgumentParser
import Ferry

/// `ferry run`: the outputs for given inputs.
struct RunCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a model on arrays.",
    discussion: """
      Inputs and outputs have the axis order of the source's signature. A model of another format than Ferry's own is \
      converted in memory first; with --reference-interpreter it runs as the file holds it.
      """
        + CommandExamples.text(
          "ferry run model.safetensors --input x.npy -o y.npy",
          "ferry run model.onnx --input x=x.npy --input-shape x:1,3,224,224"))

  @Argument(help: "A .tflite, .onnx, .h5, .keras or .safetensors file.", completion: .model)
  var model: String

  @OptionGroup var inputs: InputOptions

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The .npy or .npz file to write; several outputs need .npz.", valueName: "file"),
    completion: .arrays)
  var output: String?

  @Flag(help: "Replace the output if it exists.")
  var force = false

  @Flag(help: "Run the slow, obvious interpreter instead of the engine.")
  var referenceInterpreter = false

  @Flag(name: .customLong("allow-nonfinite"), help: "Let weights through that are NaN or infinite.")
  var allowNonFinite = false

  @OptionGroup var passes: PassOptions
  @OptionGroup var architecture: ArchitectureOptions
  @OptionGroup var global: GlobalOptions

  static var takesAllowNonFinite: Bool { true }

  func execute(_ console: Console) throws(ModelError) -> Verdict {
    if let output { try Model.checkOutput(output, replacing: force) }
    let model = try inputs.shapes.applied(
      to: Model(contentsOf: self.model, options: try architecture.importOptions(allowsNonFinite: allowNonFinite)))
    console.findings(model.findings)
    let executable =
      referenceInterpreter ? model : try model.executable(passes.conversionOptions(allowsNonFinite: allowNonFinite))
    let assigned = try executable.assignedInputs(try inputs.tensors())
    console.progress("running \(self.model)")
    let results = try executable.run(assigned, on: referenceInterpreter ? .referenceInterpreter : .engine)
    let named = zip(executable.graph.outputs, results).map { (name: $0.name, tensor: $1) }
    if let output { try write(named, to: output) }
    try console.report(RunReport(named, file: output))
    return .done
  }

  private func write(_ outputs: [(name: String, tensor: Tensor)], to path: String) throws(ModelError) {
    if path.lowercased().hasSuffix(".npz") {
      try NPZFile.write(outputs, to: path, replacing: force)
      return
    }
    guard outputs.count == 1 else {
      throw ModelError(.usage, "the model has \(outputs.count) outputs: name a file that ends in .npz")
    }
    try NPYFile.write(outputs[0].tensor, to: path, replacing: force)
  }
}
