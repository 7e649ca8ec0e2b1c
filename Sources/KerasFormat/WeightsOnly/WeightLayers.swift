import FormatSupport
import HDF5Protocol
import ModelGraph

/// The layers of a file of weights only, as far as it tells of them: names, weights, order.
struct WeightLayers {
  struct Layer {
    /// The name that the model gave the layer, or, where the file does not hold it, the group's.
    var name: String
    /// The group's own name, `depthwise_conv2d_3`; empty where groups are named after layers.
    var className: String
    var weights: [Weight]
  }

  struct Weight {
    /// The name in the file.
    var name: String
    /// `kernel`; empty where variables are numbered.
    var variable: String
    var tensor: Tensor
  }

  /// In the model's order, as far as the file keeps it.
  let layers: [Layer]

  init(_ file: HDF5File) throws(ModelError) {
    if ObjectWeights.containerNames.contains(where: { file.group("/" + $0) != nil }) {
      layers = try Self.numbered(file)
    } else {
      layers = try Self.named(file)
    }
  }

  /// Keras 2's layout: groups of named weights, at the root or under `model_weights`.
  private static func named(_ file: HDF5File) throws(ModelError) -> [Layer] {
    let base = file.group("/model_weights") ?? file.root
    var layers: [Layer] = []
    var positions: [String: Int] = [:]
    guard let names = NamedWeights.strings("layer_names", base) else {
      return try loose(file)
    }
    for group in names {
      guard let layer = file.group(base.path(of: group)) else {
        throw ModelError(.malformed, "layer_names lists '\(group)', and there is no such group")
      }
      for name in NamedWeights.strings("weight_names", layer) ?? [] {
        let path = layer.path(of: name)
        guard file.datasets[path] != nil else {
          throw ModelError(.malformed, "weight_names lists '\(name)', and there is no such dataset")
            .within(.layer(group))
        }
        var parts = name.split(separator: "/").map(String.init)
        var variable = parts.popLast() ?? name
        if let colon = variable.lastIndex(of: ":") { variable = String(variable[..<colon]) }
        // A nested model's weights stand in one group; their owners are the layers.
        let owner = ([group] + parts).joined(separator: "/")
        let weight = Weight(
          name: String(path.drop { $0 == "/" }), variable: variable, tensor: try file.tensor(at: path))
        if let position = positions[owner] {
          layers[position].weights.append(weight)
        } else {
          positions[owner] = layers.count
          layers.append(Layer(name: parts.last ?? group, className: "", weights: [weight]))
        }
      }
    }
    return layers
  }

  /// Keras 3's layout: groups named after classes, numbered variables. Groups of one class are in order, those of
  /// different classes are not.
  private static func numbered(_ file: HDF5File) throws(ModelError) -> [Layer] {
    var layers: [(key: [(String, Int)], layer: Layer)] = []
    for (path, group) in file.groups where group.path.hasSuffix("/vars") && !group.datasets.isEmpty {
      let parts = path.split(separator: "/").map(String.init)
      guard let first = parts.first, ObjectWeights.containerNames.contains(first), !parts.contains("seed_generator")
      else { continue }
      var weights: [(Int, Weight)] = []
      for name in group.datasets {
        let dataset = group.path(of: name)
        weights.append(
          (
            Int(name) ?? Int.max,
            Weight(name: String(dataset.drop { $0 == "/" }), variable: "", tensor: try file.tensor(at: dataset))
          ))
      }
      let className = parts.dropLast().last ?? path
      var name = className
      if case .strings(let names)? = group.attributes["name"]?.value, let given = names.first { name = given }
      let layer = Layer(name: name, className: className, weights: weights.sorted { $0.0 < $1.0 }.map(\.1))
      layers.append((parts.map(Self.key), layer))
    }
    return layers.sorted { left, right in
      left.key.lexicographicallyPrecedes(right.key) { $0 < $1 }
    }.map(\.layer)
  }

  /// `conv2d_12` as `conv2d` and 12.
  private static func key(_ part: String) -> (String, Int) {
    guard let underscore = part.lastIndex(of: "_"), let number = Int(part[part.index(after: underscore)...]) else {
      return (part, 0)
    }
    return (String(part[..<underscore]), number)
  }

  /// Arrays without any list: a layer for each group that holds some.
  private static func loose(_ file: HDF5File) throws(ModelError) -> [Layer] {
    var layers: [Layer] = []
    for path in file.groups.keys.sorted() {
      guard let group = file.group(path), !group.datasets.isEmpty else { continue }
      var weights: [Weight] = []
      for name in group.datasets {
        let dataset = group.path(of: name)
        guard file.datasets[dataset]?.description.element != .other else { continue }
        weights.append(
          Weight(name: String(dataset.drop { $0 == "/" }), variable: name, tensor: try file.tensor(at: dataset)))
      }
      layers.append(Layer(name: String(path.drop { $0 == "/" }), className: "", weights: weights))
    }
    return layers
  }
}
