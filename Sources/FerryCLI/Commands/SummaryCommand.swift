import ArgumentParser
import Ferry

/// `ferry summary`: the network layer by layer.
struct SummaryCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary", abstract: "Show a model layer by layer, with its totals.",
    discussion: "Layers stand as the file holds them: nothing is folded or rearranged."
      + CommandExamples.text(
        "ferry summary model.h5",
        "ferry summary model.onnx --group blocks",
        "ferry summary model.tflite --assert-params 3487816"))

  @Argument(help: "A .tflite, .onnx, .h5, .keras or .safetensors file.", completion: .model)
  var model: String

  enum Grouping: String, ExpressibleByArgument, CaseIterable { case layers, blocks }

  @Option(help: "One row a layer, or one a block with what separable convolutions save.")
  var group = Grouping.layers

  @Option(help: ArgumentHelp("Show models nested deeper than this as one row each; 0: all of them.", valueName: "n"))
  var depth: Int?

  @OptionGroup var shapes: ShapeOptions
  @OptionGroup var architecture: ArchitectureOptions
  @OptionGroup var assertions: AssertionOptions
  @OptionGroup var global: GlobalOptions

  func execute(_ console: Console) throws(ModelError) -> Verdict {
    // A summary shows weights that are not finite instead of refusing the file.
    let model = try shapes.applied(
      to: Model(contentsOf: self.model, options: try architecture.importOptions(allowsNonFinite: true)))
    console.findings(model.notes)
    if let depth, depth < 0 { throw ModelError(.usage, "--depth \(depth) is negative") }
    let summary = model.summary()
    if group == .blocks {
      try console.report(model.blockSummary())
    } else {
      try console.report(depth.map(summary.collapsed(depth:)) ?? summary)
    }
    return try assertions.verdict(on: summary, console)
  }
}
