public import ModelGraph

/// A change to a graph, made by building it anew: for planting faults.
public struct GraphEdit {
  /// New contents of constants, by name.
  public var constants: [String: Tensor] = [:]
  /// New operators of nodes, by name.
  public var operators: [String: Op] = [:]
  /// Nodes to leave out: their readers read their first input instead.
  public var dropped: Set<String> = []
  /// Operators to put behind nodes, by the node's name.
  public var appended: [String: Op] = [:]
  /// Other inputs: the node, the position, and the node whose first output is read instead.
  public var rewired: [(node: String, input: Int, source: String)] = []
  /// Additions to put behind nodes: the node, and the node whose first output is added.
  public var additions: [String: String] = [:]

  public init() {}

  public func applied(to graph: Graph) throws(ModelError) -> Graph {
    var builder = GraphBuilder(name: graph.name)
    var map: [ValueID: ValueID] = [:]
    var outputOf: [String: ValueID] = [:]
    for port in graph.inputs {
      let value = graph[port.value]
      map[port.value] = builder.input(
        name: port.name, type: value.type, origin: value.origin, permutation: port.permutation)
    }
    for value in graph.values {
      guard let constant = value.constant else { continue }
      map[value.id] = builder.constant(
        name: value.name, constants[value.name] ?? constant, origin: value.origin, isTrainable: value.isTrainable)
    }
    for node in graph.nodes {
      var inputs = node.inputs.map { $0.flatMap { map[$0] } }
      for change in rewired where change.node == node.name { inputs[change.input] = outputOf[change.source] }
      var results: [ValueID]
      if dropped.contains(node.name), let first = inputs[0] {
        results = [first]
      } else {
        results = try builder.add(operators[node.name] ?? node.op, name: node.name, inputs: inputs, origin: node.origin)
      }
      if let op = appended[node.name] {
        results = try builder.add(op, name: "\(node.name)_appended", inputs: results, origin: node.origin)
      }
      if let source = additions[node.name] {
        results = try builder.add(
          .binary(Binary(.add)), name: "\(node.name)_added", inputs: [outputOf[source], results[0]], origin: node.origin
        )
      }
      for (old, new) in zip(node.outputs, results) { map[old] = new }
      outputOf[node.name] = results[0]
    }
    for port in graph.outputs {
      guard let value = map[port.value] else { throw ModelError(.internalFault, "the output '\(port.name)' is gone") }
      builder.output(value, name: port.name, permutation: port.permutation)
    }
    return try builder.build()
  }
}
