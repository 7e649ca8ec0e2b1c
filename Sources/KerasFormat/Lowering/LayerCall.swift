import FormatSupport
import ModelGraph

/// One application of a layer, as a lowering sees it.
struct LayerCall {
  var layer: LayerConfig
  /// The layer's constructor arguments; what nobody reads is an error.
  var attributes: AttributeReader<JSONValue>
  var path: LayerPath
  /// The positional arguments that are tensors, lists flattened.
  var inputs: [ValueID]
  /// All arguments, for layers that stand for functions.
  var arguments: [Argument]
  var keywords: [String: Argument]
  /// Whether training may change the layer's weights, its models considered.
  var isTrainable: Bool
  /// As many results as other calls and the model ask for.
  var outputCount = 1

  /// An argument with its tensors looked up.
  indirect enum Argument {
    case value(ValueID)
    case constant(JSONValue)
    case list([Argument])

    var values: [ValueID] {
      switch self {
      case .value(let id): [id]
      case .constant: []
      case .list(let items): items.flatMap(\.values)
      }
    }
  }

  /// The only input.
  ///
  /// - Throws: ``ModelError`` (`.malformed`) where there is none or more than one.
  func input() throws(ModelError) -> ValueID {
    guard inputs.count == 1, let input = inputs.first else {
      throw ModelError(.malformed, "the layer takes one input, and is given \(inputs.count)")
    }
    return input
  }

  var source: SourceNode {
    SourceNode(
      name: path.text, operatorName: layer.className, index: layer.index, scope: Array(path.names.dropLast()))
  }
}
