import ArgumentParser
import Ferry

/// `ferry check`: the block structure, and where it is off.
struct CheckCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Verify that a model is a MobileNetV2, block by block.",
    discussion: """
      Finds the inverted residuals by their wiring, whatever the format and the form: batch norms and activations separate \
      or fused, padding explicit or not, real numbers or counts. Exits 1 on errors, with --strict also on warnings.
      """
        + CommandExamples.text(
          "ferry check model.onnx",
          "ferry check model.weights.h5 --input-size 192 --format json"))

  @Argument(help: "A .tflite, .onnx, .h5, .keras or .safetensors file.", completion: .model)
  var model: String

  @Flag(help: "Fails on warnings too.")
  var strict = false

  @OptionGroup var shapes: ShapeOptions
  @OptionGroup var architecture: ArchitectureOptions
  @OptionGroup var assertions: AssertionOptions
  @OptionGroup var global: GlobalOptions

  func execute(_ console: Console) throws(ModelError) -> Verdict {
    let model = try shapes.applied(
      to: Model(contentsOf: self.model, options: try architecture.importOptions(allowsNonFinite: true)))
    console.findings(model.findings)
    let report = model.check()
    // What nobody can read may hold the blocks: no verdict is given on it.
    if !report.check.isRecognized { try model.graph.requireNoOpaqueNodes() }
    try console.report(report)
    let asserted = try assertions.verdict(on: model.summary(), console)
    let hasWarnings = report.check.findings.contains { $0.severity == .warning }
    return report.check.passes && !(strict && hasWarnings) ? asserted : .failed
  }
}
