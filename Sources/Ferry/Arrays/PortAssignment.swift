import ModelGraph

/// Finds the array of each graph input or output.
struct PortAssignment {
  enum Role: String { case input, output }

  let role: Role
  let ports: [GraphPort]
  /// Names that the other side of the graph uses too: an array must say which side it means.
  let ambiguousNames: Set<String>

  init(_ role: Role, of graph: Graph) {
    self.role = role
    ports = role == .input ? graph.inputs : graph.outputs
    ambiguousNames = Set(graph.inputs.map(\.name)).intersection(graph.outputs.map(\.name))
  }

  /// The port that an array name means: `NAME`, `input.NAME`, or `input` for the only one; nil where it means none.
  func port(named name: String) -> Int? {
    if let index = ports.firstIndex(where: { "\(role.rawValue).\($0.name)" == name }) { return index }
    if !ambiguousNames.contains(name), let index = ports.firstIndex(where: { $0.name == name }) { return index }
    return name == role.rawValue && ports.count == 1 ? 0 : nil
  }

  /// The tensors in the order of the ports; a port without one stays nil.
  ///
  /// - Throws: `.usage` where a name means no port, or two arrays mean the same one.
  func assigned(_ tensors: [NamedTensor]) throws(ModelError) -> [Tensor?] {
    var result = [Tensor?](repeating: nil, count: ports.count)
    for entry in tensors {
      let index: Int
      if let name = entry.name {
        guard let found = port(named: name) else {
          throw ModelError(.usage, "the model has no \(role.rawValue) '\(name)'", hint: hint)
        }
        index = found
      } else {
        guard ports.count == 1 else {
          throw ModelError(.usage, "the model has \(ports.count) \(role.rawValue)s: say NAME=FILE", hint: hint)
        }
        index = 0
      }
      guard result[index] == nil else {
        throw ModelError(.usage, "the \(role.rawValue) '\(ports[index].name)' is given twice")
      }
      result[index] = entry.tensor
    }
    return result
  }

  /// The tensors in the order of the ports, one for each.
  func complete(_ tensors: [Tensor?]) throws(ModelError) -> [Tensor] {
    var result: [Tensor] = []
    for (port, tensor) in zip(ports, tensors) {
      guard let tensor else {
        throw ModelError(.usage, "the \(role.rawValue) '\(port.name)' is not given", hint: hint)
      }
      result.append(tensor)
    }
    return result
  }

  private var hint: String {
    "its \(role.rawValue)s: \(ports.prefix(20).map { "'\($0.name)'" }.joined(separator: ", "))"
  }
}
