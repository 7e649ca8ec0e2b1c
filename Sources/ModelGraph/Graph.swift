/// A network: nodes in topological order between inputs and outputs.
///
/// A graph is a value and never invalid: ``GraphBuilder`` makes one, ``apply(_:)`` makes the next, and both refuse what would
/// break an invariant: every value is defined before it is used, names are unique, every node's types follow from its inputs.
public struct Graph: Sendable {
  public let name: String
  /// What its operators mean where their tensors are quantized.
  public let arithmetic: QuantizedArithmetic
  public private(set) var inputs: [GraphPort]
  public private(set) var outputs: [GraphPort]
  /// In topological order.
  public private(set) var nodes: [Node]
  /// Indexed by ``ValueID``; nil where a value was removed.
  private(set) var valueTable: [Value?]
  private var positions: [NodeID: Int]
  private var producerTable: [ValueID: NodeID]
  private var consumerTable: [ValueID: [NodeID]]
  private(set) var nextNodeID: Int

  /// Takes over parts that were validated.
  init(
    name: String, arithmetic: QuantizedArithmetic, inputs: [GraphPort], outputs: [GraphPort], nodes: [Node],
    valueTable: [Value?], nextNodeID: Int
  ) {
    self.name = name
    self.arithmetic = arithmetic
    self.inputs = inputs
    self.outputs = outputs
    self.nodes = nodes
    self.valueTable = valueTable
    self.nextNodeID = nextNodeID
    positions = [:]
    producerTable = [:]
    consumerTable = [:]
    for (position, node) in nodes.enumerated() {
      positions[node.id] = position
      for output in node.outputs { producerTable[output] = node.id }
      for input in Set(node.inputs.compactMap { $0 }) { consumerTable[input, default: []].append(node.id) }
    }
  }

  /// The value of an identifier that this graph gave out and still holds.
  public subscript(id: ValueID) -> Value {
    guard let value = value(id) else { preconditionFailure("value \(id.rawValue) is not of graph '\(name)'") }
    return value
  }

  /// The node of an identifier that this graph gave out and still holds.
  public subscript(id: NodeID) -> Node {
    guard let position = positions[id] else { preconditionFailure("node \(id.rawValue) is not of graph '\(name)'") }
    return nodes[position]
  }

  public func value(_ id: ValueID) -> Value? {
    valueTable.indices.contains(id.rawValue) ? valueTable[id.rawValue] : nil
  }

  public func contains(_ id: NodeID) -> Bool { positions[id] != nil }

  /// Where the node stands in ``nodes``.
  public func position(of id: NodeID) -> Int? { positions[id] }

  /// Every value, in the order of their identifiers.
  public var values: [Value] { valueTable.compactMap { $0 } }

  /// The node that makes a value; nil for graph inputs and constants.
  public func producer(of value: ValueID) -> Node? { producerTable[value].map { self[$0] } }

  /// The nodes that read a value, in topological order, each once.
  public func consumers(of value: ValueID) -> [Node] { (consumerTable[value] ?? []).map { self[$0] } }

  /// Whether a value is one of the graph's outputs.
  public func isOutput(_ value: ValueID) -> Bool { outputs.contains { $0.value == value } }

  /// The one node that reads a value, when nobody else does and it is no graph output.
  public func soleConsumer(of value: ValueID) -> Node? {
    guard let consumers = consumerTable[value], consumers.count == 1, !isOutput(value) else { return nil }
    return self[consumers[0]]
  }

  /// The constant content of an input of `node`.
  public func constant(_ node: Node, _ index: Int) -> Tensor? {
    node.input(index).flatMap { value($0)?.constant }
  }

  /// The type of an input of `node`.
  public func type(_ node: Node, _ index: Int) -> TensorType? { node.input(index).flatMap { value($0)?.type } }

  /// What shape inference sees of a node.
  public func operatorInputs(_ node: Node) -> OperatorInputs {
    OperatorInputs(
      types: node.inputs.map { $0.flatMap { value($0)?.type } },
      constants: node.inputs.map { $0.flatMap { value($0)?.constant } },
      dimensions: node.inputs.map { $0.flatMap { value($0)?.knownDimensions } })
  }

  /// The type that a caller passes to or receives from a port: the value's, its axes in the source's order.
  public func signatureType(_ port: GraphPort) -> TensorType {
    let type = self[port.value].type
    guard let permutation = port.permutation else { return type }
    return type.permuted(by: permutation.indices.map { axis in permutation.firstIndex(of: axis) ?? axis })
  }

  /// The same graph with other ports of the same values.
  ///
  /// - Throws: `.internalFault` when a port names a value that the graph does not hold.
  public func with(outputs: [GraphPort]) throws(ModelError) -> Graph {
    for port in outputs where value(port.value) == nil {
      throw ModelError(.internalFault, "output '\(port.name)' names no value of the graph")
    }
    var graph = self
    graph.outputs = outputs
    return graph
  }
}
