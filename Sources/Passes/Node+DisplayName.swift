import ModelGraph

extension Node {
  /// The node as messages name it: by its first source node where that has a name, else by its own.
  var displayName: String {
    guard let source = origin.first, !source.name.isEmpty else { return "'\(name)'" }
    return "'\(source.name)'"
  }
}
