import FormatSupport

/// Where layers that stand in several places of a configuration hold their weights.
///
/// Keras 3 saves an object where it first meets it, and leaves every other place without a group: a model that is called
/// directly and also stands in a Sequential has weights in one of the two places. Nothing in the weights file says which
/// places are one object; the configuration does (`shared_object_id`), though not in the first place when that stands in a
/// Sequential. There, one and the same class, name and configuration tell.
struct SharedPlaces {
  /// A place of the configuration: the names of the models around a layer and its own.
  private struct Place {
    var names: [String]
    var sharedID: Int?
  }

  /// What two places of one layer have in common.
  struct Identity: Hashable {
    private var className: String
    private var name: String
    private var attributes: JSONValue

    init(_ layer: LayerConfig) {
      className = layer.className
      name = layer.name
      attributes = .object(layer.attributes.mapValues(Self.withoutSharedIDs))
    }

    /// The recursion is as deep as the document, which its parser bounds.
    private static func withoutSharedIDs(_ value: JSONValue) -> JSONValue {
      switch value {
      case .object(var fields):
        fields["shared_object_id"] = nil
        return .object(fields.mapValues(withoutSharedIDs))
      case .array(let items): return .array(items.map(withoutSharedIDs))
      default: return value
      }
    }
  }

  private var homes: [[String]: [String]] = [:]

  /// - Parameter homes: for each place without weights of its own the one that holds them.
  init(homes: [[String]: [String]] = [:]) {
    self.homes = homes
  }

  /// - Parameters:
  ///   - absent: layers without a group in the file; layers inside an absent model are not listed.
  ///   - present: layers that have one.
  init(absent: [(layer: LayerConfig, names: [String])], present: [(layer: LayerConfig, names: [String])]) {
    guard !absent.isEmpty else { return }
    let wanted = Set(absent.map(\.layer.name))
    var places: [Identity: [Place]] = [:]
    for (layer, names) in present where wanted.contains(layer.name) {
      places[Identity(layer), default: []].append(Place(names: names, sharedID: layer.sharedID))
    }
    for (layer, names) in absent {
      let twins = places[Identity(layer)] ?? []
      let sameID = twins.filter { $0.sharedID != nil && $0.sharedID == layer.sharedID }
      let candidates = sameID.isEmpty ? twins : sameID
      if candidates.count == 1 { homes[names] = candidates.first?.names }
    }
  }

  /// The places that hold no weights, with those that hold them.
  var pairs: [(place: [String], home: [String])] {
    homes.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { ($0.key, $0.value) }
  }

  /// Where the weights of the layer at a place are: there, or in the home of it or of a model around it.
  func home(of path: LayerPath) -> LayerPath {
    guard !homes.isEmpty else { return path }
    var names = path.names
    // A home is never inside an absent model: each step leaves fewer names behind it to be looked up.
    for _ in path.names.indices {
      guard let length = (1...max(names.count, 1)).last(where: { homes[Array(names.prefix($0))] != nil }),
        let home = homes[Array(names.prefix(length))]
      else { break }
      names = home + names.dropFirst(length)
    }
    var result = path
    result.names = names
    return result
  }
}
