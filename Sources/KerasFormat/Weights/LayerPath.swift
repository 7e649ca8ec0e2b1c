/// Where a layer stands: the models that hold it, outermost first, and its own name.
struct LayerPath: Hashable {
  var names: [String]
  /// The name of the layer that the last one is wrapped in (TimeDistributed).
  var wrapper: String?

  init(_ names: [String]) {
    self.names = names
  }

  static let root = LayerPath([])

  func appending(_ name: String) -> LayerPath { LayerPath(names + [name]) }

  /// A layer that stands inside the one at this path, and is no model's layer.
  func wrapping(_ name: String) -> LayerPath {
    var path = appending(name)
    path.wrapper = names.last
    return path
  }

  /// The names with `/` between them.
  var text: String { names.joined(separator: "/") }
}
