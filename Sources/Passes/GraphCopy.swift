import ModelGraph

/// A graph that is copied node by node into a builder, each node as it is or changed.
///
/// Constants are copied at their first use, so that those without a reader stay behind.
struct GraphCopy {
  let source: Graph
  var builder: GraphBuilder
  private var copies: [ValueID: ValueID] = [:]

  /// A copy that so far has the inputs of `source`.
  init(of source: Graph) {
    self.source = source
    builder = GraphBuilder(name: source.name, arithmetic: source.arithmetic)
    for port in source.inputs {
      let value = source[port.value]
      copies[port.value] = builder.input(
        name: port.name, type: value.type, origin: value.origin, permutation: port.permutation)
    }
  }

  /// The copy of a value of the source.
  ///
  /// - Throws: `.internalFault` when its producer was not copied.
  mutating func copy(of id: ValueID) throws(ModelError) -> ValueID {
    if let copy = copies[id] { return copy }
    guard let value = source.value(id), let constant = value.constant else {
      throw ModelError(.internalFault, "a value is read before it is copied")
    }
    let copy = builder.constant(
      name: value.name, constant, origin: value.origin, isTrainable: value.isTrainable)
    copies[id] = copy
    return copy
  }

  mutating func copies(of ids: [ValueID?]) throws(ModelError) -> [ValueID?] {
    var result: [ValueID?] = []
    for id in ids { result.append(try id.map { (id) throws(ModelError) in try copy(of: id) }) }
    return result
  }

  /// The content of a value of the source, when it is constant there or has become so in the copy.
  func constant(_ id: ValueID) -> Tensor? {
    copies[id].flatMap { builder.constant($0) } ?? source.value(id)?.constant
  }

  /// Makes `replacement` stand for a value of the source.
  mutating func set(_ id: ValueID, to replacement: ValueID) { copies[id] = replacement }

  /// Copies a node, with another operator or other inputs (of the builder) where they are given.
  mutating func add(_ node: Node, op: Op? = nil, inputs: [ValueID?]? = nil) throws(ModelError) {
    let operands: [ValueID?]
    if let inputs { operands = inputs } else { operands = try copies(of: node.inputs) }
    let specifications = node.outputs.map { id in
      let value = source[id]
      return OutputSpecification(name: value.name, origin: value.origin, statedType: value.type)
    }
    let outputs = try within(.node(name: node.name, operator: node.op.name, index: nil)) { () throws(ModelError) in
      try builder.add(
        op ?? node.op, name: node.name, inputs: operands, outputs: specifications, origin: node.origin)
    }
    for (old, new) in zip(node.outputs, outputs) { copies[old] = new }
  }

  /// The finished graph, with the outputs of the source.
  mutating func finished() throws(ModelError) -> Graph {
    for port in source.outputs {
      builder.output(try copy(of: port.value), name: port.name, permutation: port.permutation)
    }
    return try builder.build()
  }
}
