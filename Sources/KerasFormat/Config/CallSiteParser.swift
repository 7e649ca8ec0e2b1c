import FormatSupport
import ModelGraph

/// Reads `inbound_nodes` in all its forms.
///
/// Keras 2: `[[["a", 0, 0, {}], ["b", 0, 0, {}]]]`, or with one tensor `[["a", 0, 0, {"y": 3.0}]]`, a name and numbers for
/// a tensor also among the keywords, `["_CONSTANT_VALUE", -1, 3.0, {}]` for a constant; Keras 3:
/// `[{"args": […], "kwargs": {…}}]` with `__keras_tensor__` objects.
struct CallSiteParser {
  let limits: Limits
  private static let maximumDepth = 32

  func calls(_ value: JSONValue?) throws(ModelError) -> [LayerCallSite] {
    guard let value, !value.isNull else { return [] }
    guard let list = value.arrayValue else {
      throw ModelError(.malformed, "expected an array, found \(value.kind)").within(.attribute("inbound_nodes"))
    }
    var calls: [LayerCallSite] = []
    for item in list { calls.append(try call(item)) }
    return calls
  }

  private func call(_ value: JSONValue) throws(ModelError) -> LayerCallSite {
    if let object = value.objectValue, let arguments = object["args"]?.arrayValue {
      var site = LayerCallSite(arguments: [], keywords: [:], isObject: true)
      for argument in arguments { site.arguments.append(try Self.checked(argument)) }
      for (key, argument) in object["kwargs"]?.objectValue ?? [:] { site.keywords[key] = try Self.checked(argument) }
      return site
    }
    var keywords: [String: CallArgument] = [:]
    let argument = try Self.legacyArgument(value, keywords: &keywords, depth: 0)
    // A list of one tensor is how Keras 2 says one tensor.
    if case .list(let items) = argument, items.count == 1 {
      return LayerCallSite(arguments: items, keywords: keywords)
    }
    return LayerCallSite(arguments: [argument], keywords: keywords)
  }

  /// A tensor `[name, node, tensor, keywords]`, a list of such, or names with such.
  private static func legacyArgument(
    _ value: JSONValue, keywords: inout [String: CallArgument], depth: Int
  ) throws(ModelError) -> CallArgument {
    guard depth < maximumDepth else { throw tooDeep }
    if let items = value.arrayValue {
      if items.count >= 3, case .string(let name) = items[0], let node = items[1].integerValue {
        for (key, argument) in (items.count > 3 ? items[3].objectValue : nil) ?? [:] {
          keywords[key] = try checked(argument)
        }
        if name == "_CONSTANT_VALUE", node == -1 { return .constant(items[2]) }
        guard let tensor = items[2].integerValue else {
          throw ModelError(.malformed, "a tensor of layer '\(name)' has no number").within(.attribute("inbound_nodes"))
        }
        return .tensor(TensorReference(layer: name, node: node, tensor: tensor))
      }
      var list: [CallArgument] = []
      for item in items { list.append(try legacyArgument(item, keywords: &keywords, depth: depth + 1)) }
      return .list(list)
    }
    if let object = value.objectValue {
      var list: [CallArgument] = []
      for (_, item) in object.sorted(by: { $0.key < $1.key }) {
        list.append(try legacyArgument(item, keywords: &keywords, depth: depth + 1))
      }
      return .list(list)
    }
    return .constant(value)
  }

  private static func checked(_ value: JSONValue) throws(ModelError) -> CallArgument {
    guard let argument = argument(value, depth: 0) else { throw tooDeep }
    return argument
  }

  private static var tooDeep: ModelError {
    ModelError(.unsupported, "the arguments are nested more than \(maximumDepth) deep").within(
      .attribute("inbound_nodes"))
  }

  /// An argument in the form of Keras 3, or a keyword or joint in the form of Keras 2; nil where it is nested too deep.
  static func argument(_ value: JSONValue, depth: Int) -> CallArgument? {
    guard depth < maximumDepth else { return nil }
    switch value {
    case .object(let object):
      switch object["class_name"]?.stringValue {
      case "__keras_tensor__":
        if let history = object["config"]?.objectValue?["keras_history"], let found = reference(history) {
          return .tensor(found)
        }
        return .constant(value)
      case "__tuple__", "__list__":
        return argument(object["items"] ?? object["config"] ?? .array([]), depth: depth + 1)
      case .some: return .constant(value)
      case nil:
        // Joints by name; keywords that are dictionaries of tensors.
        let items = object.sorted { $0.key < $1.key }.map { argument($0.value, depth: depth + 1) }
        let known = items.compactMap { $0 }
        guard known.count == items.count else { return nil }
        return known.contains { !$0.references.isEmpty } ? .list(known) : .constant(value)
      }
    case .array(let items):
      if let found = reference(value) { return .tensor(found) }
      let list = items.map { argument($0, depth: depth + 1) }
      let known = list.compactMap { $0 }
      guard known.count == list.count else { return nil }
      return known.contains { !$0.references.isEmpty } ? .list(known) : .constant(value)
    default: return .constant(value)
    }
  }

  private static func reference(_ value: JSONValue) -> TensorReference? {
    guard let items = value.arrayValue, items.count == 3 || items.count == 4, case .string(let name) = items[0],
      let node = items[1].integerValue, let tensor = items[2].integerValue
    else { return nil }
    return TensorReference(layer: name, node: node, tensor: tensor)
  }
}
