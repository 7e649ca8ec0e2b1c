import FormatSupport
import HDF5Protocol
import ModelGraph

/// Weights in the layout of Keras 3 (`model.weights.h5` in a `.keras` archive, `.weights.h5`): groups nested as the models
/// are, `layers/conv2d_1/vars/0`, named after the classes of layers and counted; the variables of a layer are numbered.
final class ObjectWeights: WeightSource {
  /// Names that the container of a model's layers has had.
  static let containerNames = ["layers", "_layer_checkpoint_dependencies"]

  private let file: HDF5File
  private var objects: [[String]: String] = [:]
  private var used: Set<String> = []
  private var shared = SharedPlaces()
  private var lookedUpElsewhere: Set<[String]> = []

  /// The layers of a configuration, by whether the file has a group for them.
  private struct Survey {
    var absent: [(layer: LayerConfig, names: [String])] = []
    var present: [(layer: LayerConfig, names: [String])] = []
  }

  init(file: HDF5File, model: ModelConfig) {
    self.file = file
    var survey = Survey()
    assign(model, object: "/", path: .root, survey: &survey)
    shared = SharedPlaces(absent: survey.absent, present: survey.present)
  }

  /// Finds the group of every layer; the recursion is as deep as the models are nested.
  private func assign(_ model: ModelConfig, object: String, path: LayerPath, survey: inout Survey) {
    guard
      let container = Self.containerNames.lazy.compactMap({ self.file.group(Self.join(object, $0)) }).first
    else { return }
    // Newer versions write the layer's name beside its variables.
    var named: [String: String] = [:]
    for child in container.groups {
      let group = container.path(of: child)
      if case .strings(let names)? = file.group(Self.join(group, "vars"))?.attributes["name"]?.value,
        let name = names.first
      {
        named[name] = group
      }
    }
    var counts: [String: Int] = [:]
    for layer in model.layers where !layer.isOperation {
      let base = SnakeCase.name(layer.className)
      let count = counts[base, default: 0]
      counts[base] = count + 1
      let counted = container.path(of: count == 0 ? base : "\(base)_\(count)")
      let group = named[layer.name] ?? counted
      assign(layer, object: group, path: path.appending(layer.name), survey: &survey)
    }
  }

  private func assign(_ layer: LayerConfig, object: String, path: LayerPath, survey: inout Survey) {
    guard file.group(object) != nil else {
      survey.absent.append((layer, path.names))
      return
    }
    survey.present.append((layer, path.names))
    objects[path.names] = object
    if let model = layer.model { assign(model, object: object, path: path, survey: &survey) }
    for wrapped in layer.wrapped {
      assign(wrapped, object: Self.join(object, "layer"), path: path.wrapping(wrapped.name), survey: &survey)
    }
  }

  func home(of layer: LayerPath) -> LayerPath {
    let home = shared.home(of: layer)
    // The layer, or one of the models around it, is a place without weights.
    if home != layer { for count in layer.names.indices { lookedUpElsewhere.insert(Array(layer.names[...count])) } }
    return home
  }

  var findings: [Finding] {
    // Layers without weights may have no group either.
    let pairs = shared.pairs.filter { lookedUpElsewhere.contains($0.place) }
    guard !pairs.isEmpty else { return [] }
    let list = pairs.prefix(8).map { pair in
      "'\(pair.place.joined(separator: "/"))' has those of '\(pair.home.joined(separator: "/"))'"
    }
    return [
      Finding(
        .note, code: "shared-weights",
        "the file holds the weights of shared layers once: \(list.joined(separator: ", "))"
          + (pairs.count > 8 ? ", …" : ""))
    ]
  }

  static func join(_ path: String, _ name: String) -> String { path == "/" ? "/" + name : path + "/" + name }

  /// The paths of a layer's variables, in their order.
  private func variablePaths(of layer: LayerPath) -> [String] {
    guard let object = objects[layer.names], let group = file.group(Self.join(object, "vars")) else { return [] }
    let numbered = group.datasets.compactMap { name in Int(name).map { (number: $0, path: group.path(of: name)) } }
    return numbered.sorted { $0.number < $1.number }.map(\.path)
  }

  func weights(of layer: LayerPath, variables: [[String]]) throws(ModelError) -> [StoredWeight] {
    let paths = variablePaths(of: layer)
    guard paths.count == variables.count else {
      let wanted = variables.compactMap(\.first).map { "'\($0)'" }.joined(separator: ", ")
      let found = objects[layer.names].map { "\(paths.count) in '\($0.drop { $0 == "/" })'" } ?? "no group for it"
      throw ModelError(
        .malformed, "the layer needs \(variables.count) weights (\(wanted)), and the file holds \(found)")
    }
    return try stored(paths)
  }

  func allWeights(of layer: LayerPath) throws(ModelError) -> [StoredWeight] {
    guard let object = objects[layer.names] else { return [] }
    let prefix = object + "/"
    return try stored(file.datasets.keys.filter { $0.hasPrefix(prefix) }.sorted())
  }

  private func stored(_ paths: [String]) throws(ModelError) -> [StoredWeight] {
    var result: [StoredWeight] = []
    for path in paths {
      used.insert(path)
      let name = String(path.drop { $0 == "/" })
      result.append(
        StoredWeight(
          name: name, tensor: try within(.weight(name)) { () throws(ModelError) in try file.tensor(at: path) }))
    }
    return result
  }

  var unusedNames: [String] {
    file.datasets.keys.filter { path in
      let parts = path.split(separator: "/")
      // The state of random generators is no weight; optimizers and metrics stand beside the layers.
      return Self.containerNames.contains(parts.first.map(String.init) ?? "") && !used.contains(path)
        && !parts.contains("seed_generator") && !parts.contains("_random_generator")
    }.sorted().map { String($0.drop { $0 == "/" }) }
  }
}
