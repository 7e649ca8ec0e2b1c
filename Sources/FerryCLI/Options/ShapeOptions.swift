import ArgumentParser
import Ferry

/// Extents for inputs that the file leaves open.
struct ShapeOptions: ParsableArguments {
  @Option(
    name: .customLong("input-shape"),
    help: ArgumentHelp("Fixes the extents of an input.", valueName: "[name:]1,224,224,3"))
  var texts: [String] = []

  /// The model with these extents; unchanged where none is given.
  func applied(to model: Model) throws(ModelError) -> Model {
    var shapes: [String: [Int]] = [:]
    for text in texts {
      let (name, value) = OptionText.namedValue(text)
      let extents = try OptionText.extents(value, option: "--input-shape")
      let key: String
      if let name { key = name } else { key = try onlyInput(of: model) }
      guard shapes.updateValue(extents, forKey: key) == nil else {
        throw ModelError(.usage, "--input-shape is given twice for '\(key)'")
      }
    }
    return shapes.isEmpty ? model : try model.specialized(inputShapes: shapes)
  }

  private func onlyInput(of model: Model) throws(ModelError) -> String {
    guard model.graph.inputs.count == 1 else {
      throw ModelError(.usage, "the model has \(model.graph.inputs.count) inputs: say --input-shape NAME:1,…")
    }
    return model.graph.inputs[0].name
  }
}
