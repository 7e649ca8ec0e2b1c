import ArgumentParser
import Ferry

/// What a network is fed.
struct InputOptions: ParsableArguments {
  @Option(
    name: .customLong("input"),
    help: ArgumentHelp("An .npy file, or an .npz file whose keys are input names.", valueName: "[name=]file"),
    completion: .arrays)
  var files: [String] = []

  @OptionGroup var shapes: ShapeOptions

  /// The arrays of every `--input`.
  func tensors() throws(ModelError) -> [NamedTensor] { try Self.read(files) }

  static func read(_ files: [String]) throws(ModelError) -> [NamedTensor] {
    var tensors: [NamedTensor] = []
    for text in files {
      let (name, path) = OptionText.namedFile(text)
      tensors += try NamedTensor.read(path: path, name: name)
    }
    return tensors
  }
}
