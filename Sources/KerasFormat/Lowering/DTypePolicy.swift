import FormatSupport
import ModelGraph

/// In what types a layer stores and computes: a name, or an object that holds one.
struct DTypePolicy: Hashable {
  var name: String

  /// - Throws: ``ModelError``: `.malformed` where the value is no policy; `.unsupported` for a quantizing one.
  init?(_ value: JSONValue?) throws(ModelError) {
    guard let value, !value.isNull else { return nil }
    if let name = value.stringValue {
      self.name = name
    } else if let object = value.objectValue {
      let className = object["class_name"]?.stringValue ?? ""
      let config = object["config"]
      guard let name = config?.objectValue?["name"]?.stringValue ?? config?.stringValue else {
        throw ModelError(.unsupported, "a policy of class '\(className)'").within(.attribute("dtype"))
      }
      self.name = name
    } else {
      throw ModelError(.malformed, "expected a type or a policy, found \(value.kind)").within(.attribute("dtype"))
    }
    // Nearly every layer says float32, and looking for a part of a text takes long.
    if name != "float32", name.contains("_from_") {
      throw ModelError(.unsupported, "the layer is quantized by Keras ('\(name)')").within(.attribute("dtype"))
    }
  }

  /// The type that the layer computes in.
  var computeType: String { name.hasPrefix("mixed_") ? String(name.dropFirst(6)) : name }

  var isInteger: Bool { name.hasPrefix("int") || name.hasPrefix("uint") || name == "bool" || name == "string" }
}
