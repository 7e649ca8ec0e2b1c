import FormatSupport
import ModelGraph

/// Reads `model_config` in the dialects of Keras 2.0 to 3.x.
struct ConfigParser {
  let limits: Limits
  private var layerCount = 0

  init(limits: Limits) {
    self.limits = limits
  }

  /// The model that a whole configuration document describes.
  ///
  /// - Throws: ``ModelError``: `.malformed` where the text is no JSON or no model; `.unsupported` for a model whose layers
  ///   stand in Python code only.
  static func parse(_ text: String, limits: Limits) throws(ModelError) -> ModelConfig {
    let document = try JSONParser.parse(text, limits: limits, allowsNonFinite: true)
    var parser = ConfigParser(limits: limits)
    guard let object = document.objectValue else {
      throw ModelError(.malformed, "the model configuration is \(document.kind), not an object")
    }
    guard let model = try parser.model(object, depth: 0) else {
      let name = object["class_name"]?.stringValue ?? ""
      throw ModelError(
        .unsupported, "the model is of class '\(name)', whose layers stand in Python code and not in the file",
        hint: "save a Functional or Sequential model")
    }
    return model
  }

  static let modelClasses: Set<String> = ["Model", "Functional", "Sequential", "Network", "Container"]

  /// The model that an object describes, or nil where it describes a layer.
  private mutating func model(_ object: [String: JSONValue], depth: Int) throws(ModelError) -> ModelConfig? {
    guard let fullName = object["class_name"]?.stringValue else {
      throw ModelError(.malformed, "a layer of the configuration has no class_name")
    }
    let className = Self.plainClassName(fullName)
    let config = object["config"]
    let layerList: [JSONValue]
    if let list = config?.arrayValue, className == "Sequential" {
      layerList = list
    } else if let list = config?.objectValue?["layers"]?.arrayValue {
      layerList = list
    } else {
      return nil
    }
    guard depth < limits.nestingDepth else {
      throw ModelError(.unsupported, "models are nested more than \(limits.nestingDepth) deep")
    }
    let fields = config?.objectValue ?? [:]
    // A sequential model has no joints; whatever else has them is a functional one, also as a base class's subclass.
    let isSequential = fields["output_layers"] == nil
    guard isSequential == (className == "Sequential") || !isSequential else { return nil }
    let name = fields["name"]?.stringValue ?? object["name"]?.stringValue ?? className
    return try within(.layer(name)) { () throws(ModelError) in
      var layers: [LayerConfig] = []
      var names: Set<String> = []
      for (index, item) in layerList.enumerated() {
        let layer = try layer(item, index: index, depth: depth)
        guard names.insert(layer.name).inserted else {
          throw ModelError(.malformed, "two layers are named '\(layer.name)'")
        }
        layers.append(layer)
      }
      return ModelConfig(
        className: className, name: name, isSequential: isSequential, isTrainable: Self.isTrainable(fields),
        layers: layers, inputs: try Self.references(fields["input_layers"], "input_layers"),
        outputs: try Self.references(fields["output_layers"], "output_layers"),
        buildInputShape: fields["build_input_shape"]?.arrayValue
          ?? object["build_config"]?.objectValue?["input_shape"]?.arrayValue)
    }
  }

  private mutating func layer(_ value: JSONValue, index: Int, depth: Int) throws(ModelError) -> LayerConfig {
    layerCount += 1
    guard layerCount <= limits.nodes else {
      throw ModelError(.unsupported, "the configuration lists more than \(limits.nodes) layers")
    }
    guard let object = value.objectValue, let className = object["class_name"]?.stringValue else {
      throw ModelError(.malformed, "layer \(index) of the configuration has no class_name")
    }
    let attributes = object["config"]?.objectValue ?? [:]
    guard let name = object["name"]?.stringValue ?? attributes["name"]?.stringValue else {
      throw ModelError(.malformed, "layer \(index) (\(className)) of the configuration has no name")
    }
    return try within(.node(name: name, operator: className, index: index)) { () throws(ModelError) in
      let model = try model(object, depth: depth + 1)
      var wrapped: [LayerConfig] = []
      if model == nil, let inner = attributes["layer"], inner.objectValue?["class_name"] != nil {
        guard depth < limits.nestingDepth else {
          throw ModelError(.unsupported, "layers are nested more than \(limits.nestingDepth) deep")
        }
        wrapped = [try layer(inner, index: index, depth: depth + 1)]
      }
      return LayerConfig(
        className: Self.plainClassName(className), module: object["module"]?.stringValue ?? "", name: name,
        attributes: attributes, calls: try CallSiteParser(limits: limits).calls(object["inbound_nodes"]), model: model,
        wrapped: wrapped, sharedID: object["shared_object_id"]?.integerValue, index: index)
    }
  }

  private static func isTrainable(_ fields: [String: JSONValue]) -> Bool {
    fields["trainable"]?.boolValue ?? true
  }

  /// `Custom>MyLayer` and `package>MyLayer` without what stands in front.
  static func plainClassName(_ name: String) -> String {
    name.lastIndex(of: ">").map { String(name[name.index(after: $0)...]) } ?? name
  }

  /// `[["a", 0, 0], ["b", 0, 0]]`, `["a", 0, 0]`, or names with either.
  private static func references(_ value: JSONValue?, _ key: String) throws(ModelError) -> [TensorReference] {
    guard let value, !value.isNull else { return [] }
    return try within(.attribute(key)) { () throws(ModelError) in
      let references = CallSiteParser.argument(value, depth: 0)?.references ?? []
      guard !references.isEmpty else { throw ModelError(.malformed, "expected layers, found \(value.kind)") }
      return references
    }
  }
}
