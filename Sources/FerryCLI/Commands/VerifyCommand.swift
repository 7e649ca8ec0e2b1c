import ArgumentParser
import Ferry

/// `ferry verify`: against stored outputs, or against another model layer by layer.
struct VerifyCommand: ModelCommand {
  enum Layers: String, ExpressibleByArgument, CaseIterable { case all, outputs }

  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Compare a model's results with stored ones, or with another model's.",
    discussion: """
      A result is within tolerance when |a − b| ≤ atol + rtol·|b|, b the reference; NaN equals NaN, and nothing else. \
      Unstated, atol is 1e-4 of the largest |b|, and 0 for integers. With --against, the other model runs as its file holds \
      it, in the reference interpreter, and every layer is compared with the value of the source that it stands for; inputs \
      and outputs are paired by name, or by position where the names differ. A layer with weights that could not be \
      compared is no pass.
      """
        + CommandExamples.text(
          "ferry verify model.safetensors --against model.h5",
          "ferry verify model.safetensors --reference refs.npz --atol 1e-4",
          "ferry verify model.onnx --input x.npy --expected y.npy"))

  @Argument(help: "A .tflite, .onnx, .h5, .keras or .safetensors file.", completion: .model)
  var model: String

  @Option(
    help: ArgumentHelp("An .npz file, or a folder of input_N.pb and output_N.pb.", valueName: "ref"),
    completion: .file(extensions: ["npz"]))
  var reference: String?

  @Option(
    help: ArgumentHelp("The expected output for --input.", valueName: "[name=]file"), completion: .arrays)
  var expected: [String] = []

  @Option(
    help: ArgumentHelp(
      "A model to compare with, layer by layer: the source of the first, for one.", valueName: "other"),
    completion: .model)
  var against: String?

  @OptionGroup var inputs: InputOptions
  @OptionGroup var tolerances: ToleranceOptions

  @Option(help: "With --against: whether layers are compared too.")
  var layers = Layers.all

  @Flag(help: "Feed each layer what the layers before it computed, instead of the reference's own values.")
  var cumulative = false

  @Flag(help: "Stop at the first tensor over its tolerance.")
  var failFast = false

  @Option(help: ArgumentHelp("The seed of the random input that --against uses without --input.", valueName: "n"))
  var seed: UInt64 = 1

  @Flag(help: "Verify the slow, obvious interpreter instead of the engine.")
  var referenceInterpreter = false

  @Flag(name: .customLong("allow-nonfinite"), help: "Let weights through that are NaN or infinite.")
  var allowNonFinite = false

  @OptionGroup var passes: PassOptions
  @OptionGroup var architecture: ArchitectureOptions
  @OptionGroup var global: GlobalOptions

  static var takesAllowNonFinite: Bool { true }

  func execute(_ console: Console) throws(ModelError) -> Verdict {
    guard [reference != nil, !expected.isEmpty, against != nil].count(where: { $0 }) == 1 else {
      throw ModelError(.usage, "say one of --reference, --expected (with --input) and --against")
    }
    guard reference == nil || inputs.files.isEmpty else {
      throw ModelError(.usage, "--reference brings its own inputs: leave out --input")
    }
    guard against != nil || (layers == .all && !cumulative) else {
      throw ModelError(.usage, "--layers and --cumulative need --against")
    }
    let tolerances = try self.tolerances.tolerances()
    let importOptions = try architecture.importOptions(allowsNonFinite: allowNonFinite)
    let model = try inputs.shapes.applied(to: Model(contentsOf: self.model, options: importOptions))
    console.findings(model.findings)
    let executable = try model.executable(passes.conversionOptions(allowsNonFinite: allowNonFinite))
    let options = VerificationOptions(
      tolerances: tolerances, candidate: referenceInterpreter ? .referenceInterpreter : .engine,
      comparesLayers: layers == .all, isCumulative: cumulative, failsFast: failFast, seed: seed)
    let result: VerificationResult
    if let against {
      let other = try inputs.shapes.applied(to: Model(contentsOf: against, options: importOptions))
      console.findings(other.findings)
      let tensors = inputs.files.isEmpty ? nil : try inputs.tensors()
      result = try executable.verify(against: other, inputs: tensors, options: options) { layer in
        console.progress("comparing \(layer)")
      }
    } else {
      let set = try references(for: executable)
      if !set.unusedNames.isEmpty {
        console.note("not used, no input and no output is meant: \(set.unusedNames.joined(separator: ", "))")
      }
      console.progress("running \(self.model)")
      result = try executable.verify(set, options: options)
    }
    try console.report(result)
    return result.isPassed ? .done : .failed
  }

  private func references(for model: Model) throws(ModelError) -> ReferenceSet {
    if let reference { return try ReferenceSet(path: reference, of: model.graph) }
    return try ReferenceSet(
      inputs: try inputs.tensors(), outputs: try InputOptions.read(expected), of: model.graph,
      name: expected.joined(separator: ", "))
  }
}
