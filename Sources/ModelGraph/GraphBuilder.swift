/// Makes a graph node by node; every step is checked, so that a built graph is valid.
public struct GraphBuilder {
  private let name: String
  private let arithmetic: QuantizedArithmetic
  private var inputs: [GraphPort] = []
  private var outputs: [GraphPort] = []
  private var nodes: [Node] = []
  private var values: [Value?] = []
  private var valueNames = UniqueNames()
  private var nodeNames = UniqueNames()

  /// - Parameter arithmetic: what operators on quantized tensors mean.
  public init(name: String, arithmetic: QuantizedArithmetic = .onnx) {
    self.name = name
    self.arithmetic = arithmetic
  }

  /// Adds a graph input.
  ///
  /// - Parameter permutation: axis `i` of the value is axis `permutation[i]` of what the caller passes.
  public mutating func input(
    name: String, type: TensorType, origin: ValueOrigin? = nil, permutation: [Int]? = nil
  ) -> ValueID {
    let id = define(name: name, type: type, origin: origin)
    inputs.append(GraphPort(name: name, value: id, permutation: permutation))
    return id
  }

  /// Adds a constant; share one identifier where the file shares one tensor.
  public mutating func constant(
    name: String, _ tensor: Tensor, origin: ValueOrigin? = nil, isTrainable: Bool = true
  ) -> ValueID {
    define(name: name, type: tensor.type, constant: tensor, origin: origin, isTrainable: isTrainable)
  }

  /// Adds a node and infers the types of its outputs.
  ///
  /// - Parameters:
  ///   - inputs: values of this builder; nil for an absent optional input.
  ///   - outputs: one entry an output; without it, outputs are named after the node.
  /// - Throws: `.malformed` when the inputs do not fit the operator, or an output contradicts what the file states.
  @discardableResult
  public mutating func add(
    _ op: Op, name: String, inputs: [ValueID?], outputs: [OutputSpecification]? = nil, origin: [SourceNode] = []
  ) throws(ModelError) -> [ValueID] {
    let operands = try operatorInputs(inputs)
    let types = try op.payload.outputTypes(operands)
    let specifications =
      outputs ?? types.indices.map { OutputSpecification(name: $0 == 0 ? name : "\(name):\($0)") }
    guard specifications.count == types.count else {
      throw ModelError(.malformed, "found \(specifications.count) outputs, the operator has \(types.count)")
    }
    let known = op.knownDimensions(operands, outputTypes: types)
    var ids: [ValueID] = []
    for (specification, inferred) in zip(specifications, types) {
      let type = try specification.completed(inferred)
      ids.append(
        define(name: specification.name, type: type, origin: specification.origin, knownDimensions: known))
    }
    nodes.append(
      Node(
        id: NodeID(rawValue: nodes.count), name: nodeNames.unique(name), op: op, inputs: inputs, outputs: ids,
        origin: origin))
    return ids
  }

  /// Adds a graph output.
  ///
  /// - Parameter permutation: axis `i` of the value is axis `permutation[i]` of what the caller receives.
  public mutating func output(_ value: ValueID, name: String, permutation: [Int]? = nil) {
    outputs.append(GraphPort(name: name, value: value, permutation: permutation))
  }

  /// The type of a value made so far; nil for an identifier of another builder.
  public func type(_ id: ValueID) -> TensorType? { value(id)?.type }

  /// The content of a value made so far, when it is constant.
  public func constant(_ id: ValueID) -> Tensor? { value(id)?.constant }

  /// The elements of an integer vector, from its content or from what shapes tell of it.
  public func knownDimensions(_ id: ValueID) -> [Dimension]? { value(id)?.knownDimensions }

  /// The finished graph.
  ///
  /// - Throws: `.malformed` when an output names no value of this builder, or input names repeat.
  public func build() throws(ModelError) -> Graph {
    for port in outputs where value(port.value) == nil {
      throw ModelError(.malformed, "the output '\(port.name)' is never computed")
    }
    for (ports, role) in [(inputs, "input"), (outputs, "output")] {
      var seen: Set<String> = []
      for port in ports where !seen.insert(port.name).inserted {
        throw ModelError(.malformed, "two graph \(role)s are named '\(port.name)'")
      }
    }
    return Graph(
      name: name, arithmetic: arithmetic, inputs: inputs, outputs: outputs, nodes: nodes, valueTable: values,
      nextNodeID: nodes.count)
  }

  private func value(_ id: ValueID) -> Value? { values.indices.contains(id.rawValue) ? values[id.rawValue] : nil }

  private func operatorInputs(_ inputs: [ValueID?]) throws(ModelError) -> OperatorInputs {
    // A builder removes nothing: every identifier below the count is a value's.
    for case let id? in inputs where !values.indices.contains(id.rawValue) {
      throw ModelError(.malformed, "an input is used before it is defined")
    }
    return OperatorInputs(of: values, inputs)
  }

  private mutating func define(
    name: String, type: TensorType, constant: Tensor? = nil, origin: ValueOrigin? = nil, isTrainable: Bool = true,
    knownDimensions: [Dimension]? = nil
  ) -> ValueID {
    let id = ValueID(rawValue: values.count)
    let known = knownDimensions ?? constant.flatMap(Op.knownDimensions)
    values.append(
      Value(
        id: id, name: valueNames.unique(name), type: type, constant: constant, origin: origin,
        isTrainable: isTrainable, knownDimensions: known))
    return id
  }
}
