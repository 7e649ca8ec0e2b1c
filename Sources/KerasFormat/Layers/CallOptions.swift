import FormatSupport
import ModelGraph

/// The arguments of a function: those of the call, and those that the configuration keeps; what nobody reads is an error.
struct CallOptions {
  private let call: LayerCall
  private var unreadPositions: Set<Int>
  private var unreadKeywords: Set<String>

  init(_ call: LayerCall) {
    self.call = call
    unreadPositions = Set(call.arguments.indices)
    unreadKeywords = Set(call.keywords.keys)
    // Names that TensorFlow gives its nodes.
    unreadKeywords.subtract(["name", "training", "mask"])
  }

  /// An argument by position or by one of its names.
  mutating func argument(_ position: Int, _ names: String...) throws(ModelError) -> LayerCall.Argument {
    if unreadPositions.contains(position) {
      unreadPositions.remove(position)
      return call.arguments[position]
    }
    for name in names where call.keywords[name] != nil {
      unreadKeywords.remove(name)
      if let argument = call.keywords[name] { return argument }
    }
    throw ModelError(.malformed, "argument '\(names.first ?? "\(position)")' is missing")
  }

  /// The only tensor: the first argument.
  mutating func tensor() throws(ModelError) -> ValueID {
    let values = try argument(0, "x", "input", "features", "input_tensor", "tensor", "logits").values
    guard values.count == 1, let value = values.first else {
      throw ModelError(.malformed, "the function takes one tensor, and is given \(values.count)")
    }
    return value
  }

  mutating func markTensorsRead() {
    unreadPositions = unreadPositions.filter { call.arguments[$0].values.isEmpty }
    unreadKeywords = unreadKeywords.filter { call.keywords[$0]?.values.isEmpty ?? true }
  }

  /// A constant by name, from the call or from the configuration; null counts as missing.
  mutating func constant(_ name: String) -> JSONValue? {
    unreadKeywords.remove(name)
    if case .constant(let value)? = call.keywords[name], !value.isNull { return value }
    let value = call.attributes[name]
    return value?.isNull ?? true ? nil : value
  }

  private mutating func constant(_ position: Int, _ names: [String]) -> JSONValue? {
    if unreadPositions.contains(position), case .constant(let value) = call.arguments[position] {
      unreadPositions.remove(position)
      return value.isNull ? nil : value
    }
    for name in names { if let value = constant(name) { return value } }
    return nil
  }

  /// Axes of a tensor with `rank` axes, none negative; nil where none are given.
  mutating func axes(_ position: Int, rank: Int) throws(ModelError) -> [Int]? {
    guard let value = constant(position, ["axis", "axes"]) else { return nil }
    let reader = AttributeReader(["axis": value])
    return try reader.axes("axis", rank: rank, default: [])
  }

  /// A list of integers.
  ///
  /// - Throws: ``ModelError`` (`.unsupported`) where it is computed by the model.
  mutating func integers(_ position: Int, _ names: String...) throws(ModelError) -> [Int] {
    guard let value = constant(position, names) else {
      throw ModelError(.unsupported, "'\(names.first ?? "")' is no list of integers")
    }
    return try AttributeReader(["value": value]).integers("value")
  }

  func requireAllRead() throws(ModelError) {
    let positions = unreadPositions.filter { index in
      if case .constant(.null) = call.arguments[index] { false } else { true }
    }
    let keywords = unreadKeywords.filter { name in
      if case .constant(.null)? = call.keywords[name] { false } else { true }
    }
    guard positions.isEmpty, keywords.isEmpty else {
      let names = keywords.sorted().map { "'\($0)'" } + positions.sorted().map { "number \($0)" }
      throw ModelError(.unsupported, "unknown arguments: \(names.joined(separator: ", "))")
    }
  }
}

extension ModelLowering {
  /// An argument as a value: a tensor, or a number that becomes a constant.
  mutating func operand(_ argument: LayerCall.Argument, _ call: LayerCall, part: String) throws(ModelError) -> ValueID {
    switch argument {
    case .value(let id): return id
    case .constant(let value):
      guard let number = value.realValue else {
        throw ModelError(.unsupported, "expected a tensor or a number, found \(value.kind)")
      }
      return try scalar(Float(number), call, part: part)
    case .list: throw ModelError(.unsupported, "a list of tensors as an operand")
    }
  }
}
