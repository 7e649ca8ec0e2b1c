/// A local change of a graph: nodes that go, nodes that come, values that are read instead of others.
///
/// A new node may make an existing value, whose old producer must go in the same rewrite; the value then keeps its name,
/// its type and its origin, which is how a fused node still answers for the source's own value.
public struct Rewrite: Sendable {
  struct NewNode: Sendable {
    var op: Op
    var name: String
    var inputs: [ValueID?]
    var outputs: [ValueID]
    var newOutputs: [ValueID: OutputSpecification]
    var origin: [SourceNode]
  }

  struct NewConstant: Sendable {
    var id: ValueID
    var name: String
    var tensor: Tensor
    var origin: ValueOrigin?
    var isTrainable: Bool
  }

  /// What was done, in the words of `--explain`.
  public let explanation: String
  /// The nodes that go.
  public private(set) var removed: Set<NodeID> = []
  private(set) var newNodes: [NewNode] = []
  private(set) var newConstants: [NewConstant] = []
  private(set) var replacements: [ValueID: ValueID] = [:]
  private var nextValue: Int

  /// A rewrite of `graph`; new values take identifiers behind the graph's.
  public init(of graph: Graph, _ explanation: String) {
    self.explanation = explanation
    nextValue = graph.valueTable.count
  }

  public mutating func remove(_ node: NodeID) { removed.insert(node) }

  /// Makes every reader of `old`, graph outputs included, read `new`, which must have a compatible type.
  public mutating func replace(_ old: ValueID, with new: ValueID) { replacements[old] = new }

  public mutating func constant(
    name: String, _ tensor: Tensor, origin: ValueOrigin? = nil, isTrainable: Bool = true
  ) -> ValueID {
    let id = newValue()
    newConstants.append(
      NewConstant(id: id, name: name, tensor: tensor, origin: origin, isTrainable: isTrainable))
    return id
  }

  /// A new node that makes existing values.
  public mutating func add(
    _ op: Op, name: String, inputs: [ValueID?], producing outputs: [ValueID], origin: [SourceNode]
  ) {
    newNodes.append(
      NewNode(op: op, name: name, inputs: inputs, outputs: outputs, newOutputs: [:], origin: origin))
  }

  /// A new node with new outputs.
  public mutating func add(
    _ op: Op, name: String, inputs: [ValueID?], outputs: [OutputSpecification], origin: [SourceNode]
  ) -> [ValueID] {
    let ids = outputs.map { _ in newValue() }
    newNodes.append(
      NewNode(
        op: op, name: name, inputs: inputs, outputs: ids,
        newOutputs: Dictionary(uniqueKeysWithValues: zip(ids, outputs)), origin: origin))
    return ids
  }

  /// The nodes that this rewrite depends on: those that go, the makers of what they and the new nodes read, and the readers
  /// of what they make. Two rewrites of one graph can be applied together when neither removes a node that the other touches.
  public func touchedNodes(in graph: Graph) -> Set<NodeID> {
    var touched = removed
    for case let id? in newNodes.flatMap(\.inputs) {
      if let maker = graph.producer(of: id) { touched.insert(maker.id) }
    }
    for id in removed where graph.contains(id) {
      let node = graph[id]
      for case let input? in node.inputs {
        if let maker = graph.producer(of: input) { touched.insert(maker.id) }
      }
      for output in node.outputs { touched.formUnion(graph.consumers(of: output).map(\.id)) }
    }
    return touched
  }

  /// Rewrites of one graph whose new values do not share identifiers.
  ///
  /// - Parameter base: the first identifier that the graph itself does not use.
  static func numberedApart(_ rewrites: [Rewrite], from base: Int) -> [Rewrite] {
    var offset = 0
    return rewrites.map { rewrite in
      let shift = offset
      offset += rewrite.nextValue - base
      guard shift > 0 else { return rewrite }
      func moved(_ id: ValueID) -> ValueID { id.rawValue < base ? id : ValueID(rawValue: id.rawValue + shift) }
      var result = rewrite
      for index in result.newConstants.indices { result.newConstants[index].id = moved(result.newConstants[index].id) }
      for index in result.newNodes.indices {
        let node = result.newNodes[index]
        result.newNodes[index].inputs = node.inputs.map { $0.map(moved) }
        result.newNodes[index].outputs = node.outputs.map(moved)
        result.newNodes[index].newOutputs = Dictionary(
          uniqueKeysWithValues: node.newOutputs.map { (moved($0.key), $0.value) })
      }
      result.replacements = rewrite.replacements.mapValues(moved)
      return result
    }
  }

  /// How many values come that the graph does not have.
  var newValueCount: Int { newConstants.count + newNodes.reduce(0) { $0 + $1.newOutputs.count } }

  private mutating func newValue() -> ValueID {
    defer { nextValue += 1 }
    return ValueID(rawValue: nextValue)
  }
}
