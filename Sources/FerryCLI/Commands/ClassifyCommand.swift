import ArgumentParser
import Ferry

/// `ferry classify`: what a network sees in images.
struct ClassifyCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify", abstract: "Run a model on JPEG and PNG images.",
    discussion: """
      Images are resized as Pillow does it. A folder stands for the images in it; its other files are skipped with a note. \
      How pixels become numbers is never guessed: --preprocess says it, or the native file carries it.
      """
        + CommandExamples.text(
          "ferry classify model.safetensors cat.jpg",
          "ferry classify model.onnx photos --preprocess torch --top 3"))

  @Argument(help: "A .tflite, .onnx, .h5, .keras or .safetensors file.", completion: .model)
  var model: String

  @Argument(help: "JPEG and PNG files, or folders of them.", completion: .images)
  var images: [String]

  @OptionGroup var classification: ClassificationOptions

  @Option(help: ArgumentHelp("How many classes are printed an image.", valueName: "n"))
  var top = 5

  @OptionGroup var shapes: ShapeOptions
  @OptionGroup var global: GlobalOptions

  func execute(_ console: Console) throws(ModelError) -> Verdict {
    guard top > 0 else { throw ModelError(.usage, "--top takes a positive number") }
    let model = try shapes.applied(to: Model(contentsOf: self.model))
    console.findings(model.findings)
    let classifier = try ImageClassifier(
      model, labels: try classification.readLabels(), preprocessing: try classification.readPreprocessing())
    console.note("preprocessing: \(JSONWriter.text(classifier.preprocessing.json))")
    let (paths, skipped) = try ImageFiles.list(images)
    for file in skipped { console.note("skipped '\(file.path)': \(file.reason)") }
    var report = ClassificationReport(model: model.name, images: [])
    for path in paths {
      console.progress("classifying \(path)")
      let image = try classifier.classify(imageAt: path, top: top)
      if image.notANumberCount > 0 {
        console.warning("'\(path)': \(image.notANumberCount) scores are not numbers: their classes come last")
      }
      report.images.append(image)
    }
    try console.report(report)
    return .done
  }
}
