import FormatSupport
import HDF5Protocol
import ModelGraph

/// Weights in the layout of Keras 2's HDF5 files: a group for each layer of the outermost model, whose attribute
/// `weight_names` lists the paths of the weights in it, those of all layers of a nested model together.
///
/// The order in the list is not relied on: training status, not position, decides it in some versions. A weight belongs to
/// the layer that its path names; where a graph held two models, all names carry one suffix (`conv1_1/kernel:0`).
final class NamedWeights: WeightSource {
  private struct Entry {
    /// The path in the file.
    var path: String
    /// The path as the list says it.
    var name: String
    /// The parts in front of the variable's name.
    var owner: [String]
    /// `kernel`, without `:0`.
    var variable: String
    var isUsed = false
  }

  private let file: HDF5File
  private let base: String
  /// By layer of the outermost model.
  private var entries: [String: [Entry]] = [:]
  /// How the owners in a group are named after the layers: by what is appended to every name.
  private var suffixes: [String: String] = [:]
  /// The names of the groups, in the file's order.
  private(set) var layerNames: [String] = []
  private var shared = SharedPlaces()

  /// Reads the lists of `base`: `/model_weights`, or `/` in a file of weights only.
  ///
  /// - Throws: ``ModelError`` (`.malformed`) where a list names something that is not there.
  init(file: HDF5File, base: String, model: ModelConfig?) throws(ModelError) {
    self.file = file
    self.base = base
    guard let group = file.group(base) else {
      throw ModelError(.malformed, "the file has a model configuration and no group '\(base)' of weights")
    }
    guard let names = Self.strings("layer_names", group) else {
      throw ModelError(.malformed, "the group '\(base)' has no attribute 'layer_names'")
    }
    var groups = names
    if file.group(group.path(of: "top_level_model_weights")) != nil { groups.append("top_level_model_weights") }
    for name in groups {
      guard entries[name] == nil else { throw ModelError(.malformed, "layer_names lists '\(name)' twice") }
      guard let layer = file.group(group.path(of: name)) else {
        throw ModelError(.malformed, "layer_names lists '\(name)', and there is no such group")
      }
      entries[name] = try within(.layer(name)) { () throws(ModelError) in try Self.entries(of: layer, in: file) }
    }
    layerNames = groups
    for layer in model?.layers ?? [] {
      guard let model = layer.model, let owners = entries[layer.name]?.map(\.owner) else { continue }
      suffixes[layer.name] = Self.suffix(owners: owners, layers: Self.leafNames(model))
    }
    if let model { shared = SharedPlaces(homes: try homesOfSharedLayers(in: model)) }
  }

  func home(of layer: LayerPath) -> LayerPath { shared.home(of: layer) }

  /// The first place of each layer that stands in several and is said to be one object (`shared_object_id`).
  ///
  /// Every place has its copy of the weights, and identifiers begin anew in some models: only where name, configuration and
  /// weights are the same is it one layer. That changes how weights are counted, and no result.
  private func homesOfSharedLayers(in model: ModelConfig) throws(ModelError) -> [[String]: [String]] {
    struct Key: Hashable {
      var sharedID: Int
      var identity: SharedPlaces.Identity
    }
    var first: [Key: LayerPath] = [:]
    var homes: [[String]: [String]] = [:]
    // The models of each level behind those of the level above: the outermost place comes first.
    var models: [(model: ModelConfig, path: LayerPath)] = [(model, .root)]
    var next = 0
    while next < models.count {
      let (model, path) = models[next]
      next += 1
      for layer in model.layers {
        let place = path.appending(layer.name)
        if let inner = layer.model {
          models.append((inner, place))
        } else if let sharedID = layer.sharedID {
          let key = Key(sharedID: sharedID, identity: SharedPlaces.Identity(layer))
          guard let home = first[key] else {
            first[key] = place
            continue
          }
          if try areEqual(home, place) { homes[place.names] = home.names }
        }
      }
    }
    return homes
  }

  /// Whether two layers have the same weights, bit for bit; those of the second are then taken for used.
  private func areEqual(_ home: LayerPath, _ place: LayerPath) throws(ModelError) -> Bool {
    guard let homeTop = home.names.first, let top = place.names.first else { return false }
    let (mine, others) = (try entryIndices(of: home), try entryIndices(of: place))
    guard mine.count == others.count, !others.isEmpty else { return false }
    let twins = Dictionary(mine.compactMap { entries[homeTop]?[$0] }.map { ($0.variable, $0) }) { first, _ in first }
    for index in others {
      guard let entry = entries[top]?[index], let twin = twins[entry.variable] else { return false }
      let (a, b) = (try file.tensor(at: twin.path), try file.tensor(at: entry.path))
      let isSame = try a.withUnsafeBytes { (a) throws(ModelError) in
        try b.withUnsafeBytes { (b) throws(ModelError) in a.elementsEqual(b) }
      }
      guard a.type == b.type, isSame else { return false }
    }
    for index in others { entries[top]?[index].isUsed = true }
    return true
  }

  private static func entries(of group: HDF5Listing.Group, in file: HDF5File) throws(ModelError) -> [Entry] {
    var result: [Entry] = []
    var seen: Set<String> = []
    for name in strings("weight_names", group) ?? [] {
      let path = group.path(of: name)
      guard file.datasets[path] != nil else {
        throw ModelError(.malformed, "weight_names lists '\(name)', and there is no such dataset")
      }
      guard seen.insert(name).inserted else {
        throw ModelError(.malformed, "weight_names lists '\(name)' twice")
      }
      // In bytes: taking characters apart takes most of the time.
      var parts = name.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
      var variable = parts.popLast() ?? name
      if let colon = variable.utf8.lastIndex(of: UInt8(ascii: ":")) { variable = String(variable[..<colon]) }
      result.append(Entry(path: path, name: name, owner: parts, variable: variable))
    }
    return result
  }

  /// A list of texts; a long one is spread over `name0`, `name1`, … because HDF5 bounds an object's header.
  static func strings(_ name: String, _ group: HDF5Listing.Group) -> [String]? {
    if let attribute = group.attributes[name] {
      if case .strings(let texts) = attribute.value { return texts }
      // numpy writes an empty list as an empty array of floats.
      return attribute.shape.contains(0) ? [] : nil
    }
    var texts: [String] = []
    var index = 0
    while case .strings(let part)? = group.attributes["\(name)\(index)"]?.value {
      texts += part
      index += 1
    }
    return index > 0 ? texts : nil
  }

  private static func leafNames(_ model: ModelConfig) -> [String] {
    var names: [String] = []
    var models = [model]
    while let next = models.popLast() {
      for layer in next.layers {
        if let inner = layer.model { models.append(inner) } else { names.append(layer.name) }
      }
    }
    return names
  }

  /// What is appended to the names of layers in the owners' last parts: the same for all of them.
  private static func suffix(owners: [[String]], layers: [String]) -> String {
    let names = Set(layers)
    let lasts = Set(owners.compactMap(\.last))
    if lasts.isSubset(of: names) { return "" }
    for number in 1...99 {
      let suffix = "_\(number)"
      if lasts.allSatisfy({ $0.hasSuffix(suffix) && names.contains(String($0.dropLast(suffix.count))) }) {
        return suffix
      }
    }
    return ""
  }

  func weights(of layer: LayerPath, variables: [[String]]) throws(ModelError) -> [StoredWeight] {
    let indices = try entryIndices(of: layer)
    guard let top = layer.names.first else { return [] }
    let stored = entries[top] ?? []
    var result: [StoredWeight] = []
    for names in variables {
      let variable = names.first ?? ""
      let matches = indices.filter { names.contains(stored[$0].variable) }
      guard let match = matches.first else {
        let held = indices.map { "'\(stored[$0].name)'" }.joined(separator: ", ")
        throw ModelError(
          .malformed,
          "the layer needs a weight '\(variable)', and the file holds "
            + (held.isEmpty ? "none for it" : "only \(held) for it")
        ).within(.weight(variable))
      }
      guard matches.count == 1 else {
        let names = matches.map { "'\(stored[$0].name)'" }.joined(separator: ", ")
        throw ModelError(.malformed, "the layer needs one weight '\(variable)', and \(names) could be it")
      }
      entries[top]?[match].isUsed = true
      result.append(try self.stored(stored[match]))
    }
    return result
  }

  func allWeights(of layer: LayerPath) throws(ModelError) -> [StoredWeight] {
    let indices = try entryIndices(of: layer)
    guard let top = layer.names.first else { return [] }
    var result: [StoredWeight] = []
    for index in indices {
      guard let entry = entries[top]?[index] else { continue }
      entries[top]?[index].isUsed = true
      result.append(try stored(entry))
    }
    return result
  }

  private func stored(_ entry: Entry) throws(ModelError) -> StoredWeight {
    let name = String(entry.path.drop { $0 == "/" })
    return StoredWeight(
      name: name, tensor: try within(.weight(entry.name)) { () throws(ModelError) in try file.tensor(at: entry.path) })
  }

  /// The entries that belong to a layer: all of its group, or, in a nested model, those whose owner is the layer.
  private func entryIndices(of layer: LayerPath) throws(ModelError) -> [Int] {
    guard let top = layer.names.first, let stored = entries[top] else { return [] }
    guard layer.names.count > 1, let name = layer.names.last else { return Array(stored.indices) }
    let suffix = suffixes[top] ?? ""
    var candidates = stored.indices.filter { stored[$0].owner.last == name + suffix }
    if candidates.isEmpty, let wrapper = layer.wrapper {
      // Keras 2 names the weights of a wrapped layer after the wrapper.
      candidates = stored.indices.filter { stored[$0].owner.last == wrapper + suffix }
    }
    let owners = Set(candidates.map { stored[$0].owner })
    guard owners.count > 1 else { return candidates }
    // Layers of one name in several nested models: the owner whose path ends most like the layer's, and says nothing else.
    func score(_ owner: [String]) -> (Int, Int) {
      let common = zip(owner.dropLast().reversed(), layer.names.dropLast().reversed()).prefix { $0 == $1 }.count
      return (common, common - owner.count)
    }
    let best = owners.map(score).max { $0 < $1 } ?? (0, 0)
    let winners = owners.filter { score($0) == best }
    guard winners.count == 1, let winner = winners.first else {
      let names = winners.map { "'\($0.joined(separator: "/"))'" }.sorted().joined(separator: " and ")
      throw ModelError(.malformed, "the weights of \(names) could both be this layer's")
    }
    return candidates.filter { stored[$0].owner == winner }
  }

  var unusedNames: [String] {
    layerNames.flatMap { layer in
      (entries[layer] ?? []).filter { !$0.isUsed }.map { String($0.path.drop { $0 == "/" }) }
    }
  }
}
