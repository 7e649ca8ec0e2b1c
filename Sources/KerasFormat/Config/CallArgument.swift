import FormatSupport

/// One argument of a layer's call.
indirect enum CallArgument: Hashable {
  case tensor(TensorReference)
  case constant(JSONValue)
  case list([CallArgument])

  /// Every tensor in it, in order.
  var references: [TensorReference] {
    switch self {
    case .tensor(let reference): [reference]
    case .constant: []
    case .list(let items): items.flatMap(\.references)
    }
  }
}

/// One call of a layer: the arguments by position and by name.
struct LayerCallSite: Hashable {
  var arguments: [CallArgument]
  var keywords: [String: CallArgument]
  /// Whether the file says it in Keras 3's form, an object of arguments.
  var isObject = false

  /// Every tensor that the call reads, positional ones first.
  var references: [TensorReference] {
    arguments.flatMap(\.references) + keywords.sorted { $0.key < $1.key }.flatMap(\.value.references)
  }
}
