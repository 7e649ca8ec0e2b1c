import ArgumentParser
import Ferry

/// `ferry convert`: import, passes, native file.
struct ConvertCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Convert a model to Ferry's native format.",
    discussion: "The output is a valid safetensors file that also holds the graph. It appears complete or not at all."
      + CommandExamples.text(
        "ferry convert model.h5 -o model.safetensors",
        "ferry convert model.onnx -o m.safetensors --labels l.txt --preprocess tf",
        "ferry convert model.tflite -o model.safetensors --force --explain"))

  @Argument(help: "A .tflite, .onnx, .h5, .keras or .safetensors file.", completion: .model)
  var model: String

  @Option(
    name: [.short, .long], help: ArgumentHelp("The file to write.", valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
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

  static var takesAllowNonFinite: Bool { true }

  func execute(_ console: Console) throws(ModelError) -> Verdict {
    try Model.checkOutput(output, replacing: force)
    ProcessMemory.keepFreed()
    console.progress("reading \(model)")
    let model = try shapes.applied(
      to: Model(
        contentsOf: self.model, options: try architecture.importOptions(allowsNonFinite: allowNonFinite),
        isForConversion: true))
    console.findings(model.notes)
    console.progress("converting \(self.model)")
    let conversion = try model.carrying(
      labels: try classification.readLabels(), preprocessing: try classification.readPreprocessing()
    ).converted(passes.conversionOptions(allowsNonFinite: allowNonFinite))
    UntilExit.keep((model, conversion))
    console.progress("writing \(output)")
    let bytes = try conversion.model.write(to: output, replacing: force)
    try console.report(conversion.report(output: output, outputBytes: bytes, isExplained: explain))
    return .done
  }
}
