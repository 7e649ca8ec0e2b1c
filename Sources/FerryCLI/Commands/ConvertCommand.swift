import ArgumentParser
import Ferry

/// `ferry convert`: import, passes, native file.
struct ConvertCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Convert a model to Ferry's native format.",
    discussion: "The output is a valid safetensors file that also holds the graph. It appears complete or not at all.")

  @Argument(help: "A .tflite, .onnx, .h5 or .keras file.")
  var model: String

  @Option(name: [.short, .long], help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String

  @Flag(help: "Replace the output if it exists.")
  var force = false

  @Flag(help: "Say what every pass changed, and what it left alone and why.")
  var explain = false

  @Flag(name: .customLong("allow-nonfinite"), help: "Let weights through that are NaN or infinite.")
  var allowNonFinite = false

  @OptionGroup var classification: ClassificationOptions
  @OptionGroup var passes: PassOptions
  @OptionGroup var shapes: ShapeOptions
  @OptionGroup var architecture: ArchitectureOptions
  @OptionGroup var global: GlobalOptions

  func execute(_ console: Console) throws(ModelError) -> Verdict {
    try Model.checkOutput(output, replacing: force)
    console.progress("reading \(model)")
    let model = try shapes.applied(
      to: Model(contentsOf: self.model, options: try architecture.importOptions(allowsNonFinite: allowNonFinite)))
    console.findings(model.notes)
    console.progress("converting \(self.model)")
    let conversion = try model.carrying(
      labels: try classification.readLabels(), preprocessing: try classification.readPreprocessing()
    ).converted(passes.conversionOptions(allowsNonFinite: allowNonFinite))
    console.progress("writing \(output)")
    let bytes = try conversion.model.write(to: output, replacing: force)
    if !global.quiet || !console.isTextFormat {
      try console.report(conversion.report(output: output, outputBytes: bytes, isExplained: explain))
    }
    return .done
  }
}
