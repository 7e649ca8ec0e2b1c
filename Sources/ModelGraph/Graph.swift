/// A network: nodes in topological order between inputs and outputs.
///
/// A graph is a value and never invalid: ``GraphBuilder`` makes one, ``apply(_:)`` makes the next, and both refuse what would
/// break an invariant: every value is defined before it is used, names are unique, every node's types fit what follows from its
/// inputs (extents may be open on one side).
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
  /// Indexed by ``NodeID``: where the node stands in ``nodes``; nil where a node was removed.
  private var positions: [Int?]
  /// Indexed by ``ValueID``, as ``consumerTable`` is.
  private var producerTable: [NodeID?]
  private var consumerTable: [[NodeID]]
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
    positions = [Int?](repeating: nil, count: nextNodeID)
    producerTable = [NodeID?](repeating: nil, count: valueTable.count)
    consumerTable = [[NodeID]](repeating: [], count: valueTable.count)
    for (position, node) in nodes.enumerated() {
      positions[node.id.rawValue] = position
      for output in node.outputs where valueTable.indices.contains(output.rawValue) {
        producerTable[output.rawValue] = node.id
      }
      // A node that reads a value twice is one consumer of it.
      for case let input? in node.inputs
      where valueTable.indices.contains(input.rawValue) && consumerTable[input.rawValue].last != node.id {
        consumerTable[input.rawValue].append(node.id)
      }
    }
  }

  /// The value of an identifier that this graph gave out and still holds.
  public subscript(id: ValueID) -> Value {
    guard let value = value(id) else { preconditionFailure("value \(id.rawValue) is not of graph '\(name)'") }
    return value
  }

  /// The node of an identifier that this graph gave out and still holds.
  public subscript(id: NodeID) -> Node {
    guard let position = position(of: id) else { preconditionFailure("node \(id.rawValue) is not of graph '\(name)'") }
    return nodes[position]
  }

  public func value(_ id: ValueID) -> Value? {
    valueTable.indices.contains(id.rawValue) ? valueTable[id.rawValue] : nil
  }

  func holds(_ id: ValueID) -> Bool { valueTable.indices.contains(id.rawValue) && valueTable[id.rawValue] != nil }

  public func contains(_ id: NodeID) -> Bool { position(of: id) != nil }

  /// Where the node stands in ``nodes``.
  public func position(of id: NodeID) -> Int? {
    positions.indices.contains(id.rawValue) ? positions[id.rawValue] : nil
  }

  /// Every value, in the order of their identifiers.
  public var values: [Value] { valueTable.compactMap { $0 } }

  /// The node that makes a value; nil for graph inputs and constants.
  public func producer(of value: ValueID) -> Node? {
    producerTable.indices.contains(value.rawValue) ? producerTable[value.rawValue].map { self[$0] } : nil
  }

  /// The nodes that read a value, in topological order, each once.
  public func consumers(of value: ValueID) -> [Node] { consumerIDs(of: value).map { self[$0] } }

  private func consumerIDs(of value: ValueID) -> [NodeID] {
    consumerTable.indices.contains(value.rawValue) ? consumerTable[value.rawValue] : []
  }

  /// Whether a value is one of the graph's outputs.
  public func isOutput(_ value: ValueID) -> Bool { outputs.contains { $0.value == value } }

  /// The one node that reads a value, when nobody else does and it is no graph output.
  public func soleConsumer(of value: ValueID) -> Node? {
    let consumers = consumerIDs(of: value)
    return consumers.count == 1 && !isOutput(value) ? self[consumers[0]] : nil
  }

  /// The constant content of an input of `node`.
  public func constant(_ node: Node, _ index: Int) -> Tensor? {
    node.input(index).flatMap { value($0)?.constant }
  }

  /// The type of an input of `node`.
  public func type(_ node: Node, _ index: Int) -> TensorType? { node.input(index).flatMap { value($0)?.type } }

  /// What shape inference sees of a node.
  public func operatorInputs(_ node: Node) -> OperatorInputs { OperatorInputs(of: valueTable, node.inputs) }

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
