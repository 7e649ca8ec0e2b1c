/// Where a layer stands: the models that hold it, outermost first, and its own name.
struct LayerPath: Hashable {
  var names: [String]

  init(_ names: [String]) {
    self.names = names
  }

  static let root = LayerPath([])

  func appending(_ name: String) -> LayerPath { LayerPath(names + [name]) }

  /// The names with `/` between them.
  var text: String { names.joined(separator: "/") }
}
