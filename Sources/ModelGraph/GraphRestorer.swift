/// Takes a graph back in from where it was stored whole, with the types, names and origins that it had.
///
/// ``GraphBuilder`` infers and makes names unique; here everything is stated, and checked.
public struct GraphRestorer {
  private let name: String
  private let arithmetic: QuantizedArithmetic
  private var inputs: [GraphPort] = []
  private var outputs: [GraphPort] = []
  private var nodes: [Node] = []
  private var values: [Value?] = []

  public init(name: String, arithmetic: QuantizedArithmetic) {
    self.name = name
    self.arithmetic = arithmetic
  }

  /// Adds a value: a graph input, a constant, or what a node added later will make.
  public mutating func value(
    name: String, type: TensorType, constant: Tensor? = nil, origin: ValueOrigin? = nil, isTrainable: Bool = true
  ) -> ValueID {
    let id = ValueID(rawValue: values.count)
    values.append(
      Value(
        id: id, name: name, type: type, constant: constant, origin: origin, isTrainable: isTrainable,
        knownDimensions: constant.flatMap { Op.knownDimensions($0) }))
    return id
  }

  /// Adds a node; nodes come in topological order.
  ///
  /// - Throws: `.malformed` when it names a value that was not added.
  public mutating func node(
    _ op: Op, name: String, inputs: [ValueID?], outputs: [ValueID], origin: [SourceNode]
  ) throws(ModelError) {
    for id in inputs.compactMap({ $0 }) + outputs where !isKnown(id) {
      throw ModelError(.malformed, "a node names a value that does not exist")
    }
    let types = outputs.compactMap { values[$0.rawValue]?.type }
    let known = op.knownDimensions(OperatorInputs(of: values, inputs), outputTypes: types)
    for output in outputs { values[output.rawValue]?.knownDimensions = known }
    nodes.append(
      Node(id: NodeID(rawValue: nodes.count), name: name, op: op, inputs: inputs, outputs: outputs, origin: origin))
  }

  public mutating func input(_ port: GraphPort) { inputs.append(port) }

  public mutating func output(_ port: GraphPort) { outputs.append(port) }

  /// The graph, after every invariant was checked.
  ///
  /// - Throws: `.malformed` naming the first invariant that does not hold.
  public func restored() throws(ModelError) -> Graph {
    var defined = ValueSet()
    for port in inputs {
      guard isKnown(port.value), values[port.value.rawValue]?.constant == nil else {
        throw ModelError(.malformed, "the input '\(port.name)' names no value that can be one")
      }
      defined.insert(port.value)
    }
    for node in nodes { defined.insert(contentsOf: node.outputs) }
    for case let value? in values where value.constant == nil && !defined.contains(value.id) {
      throw ModelError(.malformed, "the value '\(value.name)' is never computed")
    }
    for (ports, role) in [(inputs, "input"), (outputs, "output")] {
      var seen: Set<String> = []
      for port in ports where !seen.insert(port.name).inserted {
        throw ModelError(.malformed, "two graph \(role)s are named '\(port.name)'")
      }
    }
    let graph = Graph(
      name: name, arithmetic: arithmetic, inputs: inputs, outputs: outputs, nodes: nodes, valueTable: values,
      nextNodeID: nodes.count)
    do {
      try graph.validate()
    } catch {
      // An invariant that a file breaks is the file's fault, not Ferry's own.
      var fault = error
      if fault.code == .internalFault { fault.code = .malformed }
      throw fault
    }
    return graph
  }

  private func isKnown(_ id: ValueID) -> Bool { values.indices.contains(id.rawValue) }
}
