import FormatSupport
import ModelGraph

/// The shape of a model's input.
enum InputShape {
  /// The shape that a layer's attributes state, batch first: `batch_shape` (Keras 3), `batch_input_shape`, or without the
  /// batch `shape`, `input_shape`.
  static func stated(_ attributes: [String: JSONValue]) -> [JSONValue]? {
    if let shape = attributes["batch_shape"]?.arrayValue ?? attributes["batch_input_shape"]?.arrayValue {
      return shape
    }
    guard let shape = attributes["input_shape"]?.arrayValue ?? attributes["shape"]?.arrayValue else { return nil }
    return [attributes["batch_size"] ?? .null] + shape
  }

  /// - Throws: ``ModelError`` (`.malformed`) where the attributes state none, or not one of integers and nulls.
  static func shape(of attributes: [String: JSONValue], name: String) throws(ModelError) -> Shape {
    guard let stated = stated(attributes) else { throw ModelError(.malformed, "the input has no shape") }
    return try shape(stated, name: name)
  }

  static func shape(_ stated: [JSONValue], name: String) throws(ModelError) -> Shape {
    var dimensions: [Dimension] = []
    for (axis, value) in stated.enumerated() {
      if value.isNull {
        dimensions.append(.symbolic(symbol(axis: axis, rank: stated.count, name: name)))
      } else if let extent = value.integerValue, extent >= 0 {
        dimensions.append(.fixed(extent))
      } else {
        throw ModelError(.malformed, "an input shape holds \(value.kind)")
      }
    }
    return .ranked(dimensions)
  }

  private static func symbol(axis: Int, rank: Int, name: String) -> String {
    switch (axis, rank) {
    case (0, _): "batch"
    case (1, 4): "\(name)_height"
    case (2, 4): "\(name)_width"
    case (3, 4): "\(name)_channels"
    default: "\(name)_\(axis)"
    }
  }
}

/// The input of an outermost sequential model.
struct SequentialInput {
  /// What states the shape, as an input layer.
  var layer: LayerConfig
  var name: String

  /// Looks for the shape in the model's input layer, in its first layer, in what the model was built with, and, where
  /// the first layer is a model, in that one.
  ///
  /// - Throws: ``ModelError`` (`.unsupported`) where the file states none.
  static func find(in model: ModelConfig, limits: Limits) throws(ModelError) -> SequentialInput {
    var model = model
    for _ in 0...limits.nestingDepth {
      guard let first = model.layers.first else { throw ModelError(.malformed, "the model has no layers") }
      if InputShape.stated(first.attributes) != nil {
        return SequentialInput(layer: first, name: first.isInput ? first.name : first.name + "_input")
      }
      if let shape = model.buildInputShape {
        var layer = first
        layer.attributes = ["batch_shape": .array(shape)]
        return SequentialInput(layer: layer, name: first.name + "_input")
      }
      guard let inner = first.model else { break }
      if !inner.isSequential, let reference = inner.inputs.first,
        let input = inner.layers.first(where: { $0.name == reference.layer })
      {
        return SequentialInput(layer: input, name: input.name)
      }
      model = inner
    }
    throw ModelError(
      .unsupported, "the file does not state the shape of the model's input",
      hint: "build the model on its input shape before saving it")
  }
}
