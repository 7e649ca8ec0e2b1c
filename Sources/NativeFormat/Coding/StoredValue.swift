import FormatSupport
import ModelGraph

/// A value of a graph.
struct StoredValue: FieldCoded {
  var name: String
  var type: TensorType
  /// Where the content of a constant lies; nil for other values.
  var content: StoredContent?
  var origin: ValueOrigin?
  var isTrainable: Bool

  static var blank: StoredValue {
    StoredValue(name: "", type: .blank, content: nil, origin: nil, isTrainable: true)
  }

  private init(name: String, type: TensorType, content: StoredContent?, origin: ValueOrigin?, isTrainable: Bool) {
    self.name = name
    self.type = type
    self.content = content
    self.origin = origin
    self.isTrainable = isTrainable
  }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("content", &content)
    try fields.code("isTrainable", &isTrainable)
    try fields.code("name", &name)
    try fields.code("origin", &origin)
    try fields.code("type", &type)
    if let permutation = origin?.permutation, let rank = type.shape.rank, permutation.count != rank {
      throw ModelError(.malformed, "\(permutation) does not permute \(type.shape)").within(.attribute("origin"))
    }
  }

  init(_ value: Value, tensors: inout TensorTable) throws(ModelError) {
    self.init(
      name: value.name, type: value.type, content: nil, origin: value.origin, isTrainable: value.isTrainable)
    guard let constant = value.constant else { return }
    guard constant.type == value.type else {
      throw ModelError(.internalFault, "the constant '\(value.name)' is \(constant.type), not \(value.type)")
    }
    switch constant.content {
    case .splat(let scalar): content = .splat(scalar)
    case .bytes(let storage, let range):
      content = .tensor(
        try within(.tensor(value.name)) { () throws(ModelError) in
          try tensors.name(for: constant, storage: storage, range: range, wish: value.name)
        })
    }
  }

  /// The constant, pointing into the container's file.
  func constant(_ container: NativeContainer, unused: inout Set<String>) throws(ModelError) -> Tensor? {
    switch content {
    case nil: return nil
    case .splat(let scalar): return try Tensor(type: type, splat: scalar)
    case .tensor(let name):
      guard let entry = container.entries[name] else {
        throw ModelError(.malformed, "the file holds no tensor '\(name)'")
      }
      guard SafetensorsType(holding: type.elementType) == entry.type else {
        throw ModelError(.malformed, "the tensor '\(name)' holds \(entry.type.rawValue), the value is \(type)")
      }
      unused.remove(name)
      return try Tensor(type: type, storage: container.file, range: entry.range)
    }
  }
}

/// Where the content of a constant lies.
enum StoredContent: FieldCoded {
  /// In the file, under this name; several values may name one tensor, each with a shape of its own.
  case tensor(String)
  /// Nowhere: every element is the same.
  case splat(Scalar)

  static var blank: StoredContent { .tensor("") }

  private var kind: String {
    switch self {
    case .tensor: "tensor"
    case .splat: "splat"
    }
  }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    let kind = try fields.kind(kind)
    switch kind {
    case "tensor":
      var name = if case .tensor(let name) = self { name } else { "" }
      try fields.code("tensor", &name)
      self = .tensor(name)
    case "splat":
      var value = if case .splat(let value) = self { value } else { Scalar.blank }
      try fields.code("value", &value)
      self = .splat(value)
    default: throw unknownKind(kind)
    }
  }
}
