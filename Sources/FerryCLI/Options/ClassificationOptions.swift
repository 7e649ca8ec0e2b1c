import ArgumentParser
import Ferry

/// How images are prepared, and what classes are called.
struct ClassificationOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A text file with one label a line.", valueName: "file"), completion: .file())
  var labels: String?

  @Option(
    help: ArgumentHelp("tf, torch, keras128, none, or a JSON file.", valueName: "preset|file"),
    completion: .presets)
  var preprocess: String?

  func readLabels() throws(ModelError) -> [String]? {
    guard let labels else { return nil }
    return try LabelsFile.read(path: labels)
  }

  /// - Throws: `.usage` when the text is neither a preset nor a file.
  func readPreprocessing() throws(ModelError) -> Preprocessing? {
    guard let preprocess else { return nil }
    if let preset = Preprocessing.presets.first(where: { $0.name == preprocess }) { return preset.preprocessing }
    guard FilePath.exists(preprocess) else {
      let names = Preprocessing.presets.map(\.name).joined(separator: ", ")
      throw ModelError(.usage, "--preprocess takes \(names) or a JSON file, not '\(preprocess)'")
    }
    let file = try MappedFile(path: preprocess)
    defer { withExtendedLifetime(file) {} }
    return try within(.file(preprocess)) { () throws(ModelError) in
      try Preprocessing(json: JSONParser.parse(file.bytes))
    }
  }
}
