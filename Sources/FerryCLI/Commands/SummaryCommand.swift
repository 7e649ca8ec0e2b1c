import ArgumentParser
import Ferry

/// `ferry summary`: the network layer by layer.
struct SummaryCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary", abstract: "Show a model layer by layer, with its totals.",
    discussion: "Layers stand as the file holds them: nothing is folded or rearranged.")

  @Argument(help: "A .tflite, .onnx, .h5 or .safetensors file.")
  var model: String

  enum Grouping: String, ExpressibleByArgument, CaseIterable { case layers, blocks }

  @Option(help: "One row a layer, or one a block with what separable convolutions save.")
  var group = Grouping.layers

  @OptionGroup var shapes: ShapeOptions
  @OptionGroup var assertions: AssertionOptions
  @OptionGroup var global: GlobalOptions

  func execute(_ console: Console) throws(ModelError) -> Verdict {
    // A summary shows weights that are not finite instead of refusing the file.
    let model = try shapes.applied(to: Model(contentsOf: self.model, options: ImportOptions(allowsNonFinite: true)))
    console.findings(model.notes)
    let summary = model.summary()
    if group == .blocks { try console.report(model.blockSummary()) } else { try console.report(summary) }
    return try assertions.verdict(on: summary, console)
  }
}
