internal import FormatSupport
internal import ModelGraph

/// Makes a graph of the main GraphProto.
///
/// Faithful to the file: channels first, filters as stored, one node a node where the operators allow it. Initializers and
/// Constant nodes become constants when something first reads them, so that what nobody reads is never decoded.
final class GraphImporter {
  let record: GraphRecord
  let tensors: TensorReader
  /// Version by domain, ONNX's own under "".
  let operatorSets: [String: Int]
  let budget: ExpansionBudget
  var builder: GraphBuilder
  private(set) var findings: [Finding] = []

  private var values: [String: ValueID] = [:]
  private var names: [ValueID: String] = [:]
  private var initializers: [String: TensorRecord] = [:]
  private var sparseNames: Set<String> = []
  private var declaredTypes: [String: TensorType] = [:]
  /// Names that a node, a nested graph or the graph's outputs read.
  private var usedNames: Set<String> = []
  /// Initializers that hold moving statistics.
  private var statisticNames: Set<String> = []
  private var inputSymbols: Set<String> = []
  /// Contents of values that nodes compute, where they are known all the same.
  private var computedConstants: [ValueID: Tensor] = [:]
  /// Values that nodes compute of constants alone.
  private var staticValues: Set<ValueID> = []
  /// Values whose type is a guess, since an opaque operator makes them and the file states none.
  private var untyped: Set<ValueID> = []
  /// Counts that operators read under another quantization than the one that their maker stated.
  var readings: [CountReading: ValueID] = [:]

  init(_ record: GraphRecord, tensors: TensorReader, operatorSets: [String: Int], budget: ExpansionBudget) {
    self.budget = budget
    self.record = record
    self.tensors = tensors
    self.operatorSets = operatorSets
    builder = GraphBuilder(name: record.name, arithmetic: .onnx)
  }

  /// The graph.
  ///
  /// - Throws: `.malformed` where the file contradicts itself; `.unsupported` for inputs that are no tensors.
  func graph() throws(ModelError) -> Graph {
    let limits = tensors.limits
    guard record.nodes.count <= limits.nodes else {
      throw ModelError(.malformed, "\(record.nodes.count) nodes; the limit nodes is \(limits.nodes)")
    }
    try noteInitializers()
    noteUses()
    for value in record.valueInfo + record.outputs + record.inputs where !value.name.isEmpty {
      declaredTypes[value.name] = try declaredType(value)
    }
    try addInputs()
    for (node, index) in try NodeOrder.sorted(record, known: Set(values.keys).union(initializers.keys)) {
      try add(node, node.position ?? index)
    }
    try addOutputs()
    return try builder.build()
  }

  // MARK: What the file declares

  private func noteInitializers() throws(ModelError) {
    for tensor in record.initializers {
      guard !tensor.name.isEmpty else { throw ModelError(.malformed, "an initializer has no name") }
      guard initializers.updateValue(tensor, forKey: tensor.name) == nil else {
        throw ModelError(.malformed, "two initializers have this name", context: [.tensor(tensor.name)])
      }
    }
    for sparse in record.sparseInitializers { sparseNames.insert(sparse.values?.name ?? "") }
    if let annotated = record.quantizationAnnotations.first {
      findings.append(
        Finding(
          .warning, code: "quantization-annotation",
          "quantization annotations (of '\(annotated.tensorName)' and others) are left out"))
    }
  }

  private func noteUses() {
    var pending = record.nodes
    while let node = pending.popLast() {
      usedNames.formUnion(node.inputs)
      if node.operatorType == "BatchNormalization" { statisticNames.formUnion(node.inputs.dropFirst(3)) }
      for body in node.bodies {
        usedNames.formUnion(body.outputs.map(\.name))
        pending += body.nodes
      }
    }
    usedNames.formUnion(record.outputs.map(\.name))
  }

  private func declaredType(_ value: ValueRecord) throws(ModelError) -> TensorType? {
    guard let type = value.type, let number = type.elementType, number != 0,
      let elementType = DataType(number: number).elementType
    else { return nil }
    return TensorType(elementType, try shape(type, of: value.name))
  }

  /// A declared shape: names that no input has, negative numbers and absent ones are unknown extents.
  private func shape(_ type: TypeRecord, of name: String) throws(ModelError) -> Shape {
    guard let dimensions = type.dimensions else { return .unranked }
    guard dimensions.count <= tensors.limits.tensorRank else {
      throw ModelError(
        .malformed, "'\(name)' has \(dimensions.count) axes; the limit tensorRank is \(tensors.limits.tensorRank)")
    }
    var result: [Dimension] = []
    for dimension in dimensions {
      switch dimension {
      case .value(let value):
        guard value >= 0 else {
          result.append(.unknown)
          continue
        }
        result.append(Int(exactly: value).map(Dimension.fixed) ?? .unknown)
      case .parameter(let symbol): result.append(inputSymbols.contains(symbol) ? .symbolic(symbol) : .unknown)
      case .absent: result.append(.unknown)
      case .contradictory:
        throw ModelError(.malformed, "a dimension of '\(name)' has both a number and a name")
      }
    }
    return .ranked(result)
  }

  private func addInputs() throws(ModelError) {
    for input in record.inputs where initializers[input.name] == nil {
      guard !input.name.isEmpty else { throw ModelError(.malformed, "a graph input has no name") }
      guard values[input.name] == nil else {
        throw ModelError(.malformed, "two graph inputs are named '\(input.name)'")
      }
      guard let type = input.type else {
        throw ModelError(.unsupported, "the graph input '\(input.name)' is no tensor")
      }
      let elementType = try within(.tensor(input.name)) { () throws(ModelError) in
        try DataType(number: type.elementType ?? 0).requireElementType()
      }
      for case .parameter(let symbol)? in type.dimensions ?? [] where Self.isSymbol(symbol) {
        inputSymbols.insert(symbol)
      }
      var dimensions = try shape(type, of: input.name).dimensions
      // An extent without a name still is one extent: giving it a symbol lets the shapes behind follow from it. Old
      // exporters write 0 for it.
      for axis in (dimensions ?? []).indices where dimensions?[axis] == .unknown || dimensions?[axis] == 0 {
        let symbol = "\(input.name)[\(axis)]"
        dimensions?[axis] = .symbolic(symbol)
        inputSymbols.insert(symbol)
      }
      let shape = dimensions.map(Shape.ranked) ?? .unranked
      bind(
        input.name,
        builder.input(
          name: input.name, type: TensorType(elementType, shape), origin: ValueOrigin(name: input.name)))
      declaredTypes[input.name] = nil
    }
    // Declared again, now that all symbols are known.
    for value in record.valueInfo + record.outputs where !value.name.isEmpty {
      declaredTypes[value.name] = try declaredType(value)
    }
  }

  /// "?", "-1" and their like name nothing.
  private static func isSymbol(_ text: String) -> Bool {
    text.unicodeScalars.contains { $0.properties.isAlphabetic || $0 == "_" }
  }

  private func addOutputs() throws(ModelError) {
    guard !record.outputs.isEmpty else { throw ModelError(.malformed, "the graph has no outputs") }
    for output in record.outputs {
      guard let id = try resolve(output.name) else {
        throw ModelError(.malformed, "the graph output '\(output.name)' is never computed")
      }
      builder.output(id, name: output.name)
    }
  }

  // MARK: Values

  private func bind(_ name: String, _ id: ValueID) {
    values[name] = id
    names[id] = name
  }

  /// The name in the file.
  func name(of id: ValueID) -> String? { names[id] }

  func isUsed(_ name: String) -> Bool { !name.isEmpty && usedNames.contains(name) }

  /// The content of a value, when it is the same on every run and was worth keeping.
  func constant(_ id: ValueID) -> Tensor? { builder.constant(id) ?? computedConstants[id] }

  /// Whether a value is the same on every run.
  func isStatic(_ id: ValueID) -> Bool { builder.constant(id) != nil || staticValues.contains(id) }

  /// Notes the outputs of a node as static when all of its inputs are.
  func noteStatic(_ outputs: [ValueID], from inputs: [ValueID?]) {
    if inputs.allSatisfy({ $0.map(isStatic) ?? true }) { staticValues.formUnion(outputs) }
  }

  /// The value of a name; nil when nothing defines it.
  private func resolve(_ name: String) throws(ModelError) -> ValueID? {
    if let id = values[name] { return id }
    if let tensor = initializers[name] {
      let id = builder.constant(
        name: name, try tensors.tensor(tensor), origin: ValueOrigin(name: name),
        isTrainable: !statisticNames.contains(name))
      bind(name, id)
      return id
    }
    guard !sparseNames.contains(name) else {
      throw ModelError(.unsupported, "a sparse initializer", context: [.tensor(name)])
    }
    return nil
  }

  // MARK: Nodes

  private func add(_ node: NodeRecord, _ index: Int) throws(ModelError) {
    let source = SourceNode(name: node.name, operatorName: node.operatorType, index: index)
    try within(source.frame) { () throws(ModelError) in
      for output in node.outputs where values[output] != nil || initializers[output] != nil {
        throw ModelError(.malformed, "'\(output)' is computed twice")
      }
      var inputs: [ValueID?] = []
      var refusal: ModelError?
      for input in node.inputs {
        guard !input.isEmpty else {
          inputs.append(nil)
          continue
        }
        do throws(ModelError) {
          guard let id = try resolve(input) else {
            throw ModelError(.malformed, "reads '\(input)', which nothing computes")
          }
          inputs.append(id)
        } catch {
          guard error.code == .unsupported else { throw error }
          refusal = refusal ?? error
          inputs.append(nil)
        }
      }
      let name = node.name.isEmpty ? "\(node.operatorType)_\(index)" : node.name
      do throws(ModelError) {
        if let refusal { throw refusal }
        try lower(node, source, name, inputs)
      } catch {
        // Behind a value whose type is a guess, an operator that does not fit says nothing about the file.
        let isGuess = inputs.contains { $0.map(untyped.contains) ?? false }
        guard error.code == .unsupported || (isGuess && error.code == .malformed) else { throw error }
        try addOpaque(node, source, name, inputs, reason: Self.reason(error))
      }
    }
  }

  private func lower(
    _ node: NodeRecord, _ source: SourceNode, _ name: String, _ inputs: [ValueID?]
  ) throws(ModelError) {
    let domain = OperatorTable.canonical(domain: node.domain)
    guard let entry = OperatorTable.entry(domain: domain, node.operatorType) else {
      throw ModelError(.unsupported, "unknown operator")
    }
    guard let version = operatorSets[domain] else {
      throw ModelError(.malformed, "no version of the operator set '\(node.domain)' is imported")
    }
    guard entry.versions.contains(version) else {
      throw ModelError(.unsupported, "\(node.operatorType) of version \(version)")
    }
    let maximum = entry.maximumInputCount(version: version)
    guard node.inputs.count <= maximum else {
      throw ModelError(
        .malformed, "\(node.inputs.count) inputs, \(node.operatorType) of version \(version) has at most \(maximum)")
    }
    try entry.lower(
      try NodeLowering(node, version: version, source: source, name: name, inputs: inputs, graph: self))
  }

  /// The reason in one line: what, and in which attribute or tensor.
  private static func reason(_ error: ModelError) -> String {
    let place = error.context.map(\.description).joined(separator: " › ")
    return place.isEmpty ? error.message : "\(error.message) in \(place)"
  }

  /// Keeps a node that has no meaning here.
  private func addOpaque(
    _ node: NodeRecord, _ source: SourceNode, _ name: String, _ inputs: [ValueID?], reason: String
  ) throws(ModelError) {
    var types: [TensorType] = []
    var guessed: [Int] = []
    var outputs: [OutputSpecification] = []
    for output in node.outputs {
      // A type must stand there; a wrong one is never believed, see `untyped`.
      if declaredTypes[output] == nil { guessed.append(types.count) }
      types.append(declaredTypes[output] ?? TensorType(.float32, .unranked))
      outputs.append(OutputSpecification(name: output.isEmpty ? name : output, origin: Self.origin(output)))
    }
    // What bodies read from outside is an input too: no pass may think it unused.
    var operands = inputs
    var seen = Set(inputs)
    for captured in node.capturedNames {
      if let id = try resolve(captured), seen.insert(id).inserted { operands.append(id) }
    }
    let domain = OperatorTable.canonical(domain: node.domain)
    let op = OpaqueOp(
      domain: domain.isEmpty ? "ai.onnx" : domain, operatorName: node.operatorType,
      version: operatorSets[domain], attributes: try OpaqueAttributes.make(node.attributes), statedOutputTypes: types,
      reason: reason)
    let ids = try builder.add(.opaque(op), name: name, inputs: operands, outputs: outputs, origin: [source])
    for (position, output) in node.outputs.enumerated() where !output.isEmpty { bind(output, ids[position]) }
    for position in guessed { untyped.insert(ids[position]) }
  }

  static func origin(_ name: String) -> ValueOrigin? { name.isEmpty ? nil : ValueOrigin(name: name) }

  // MARK: Results of lowerings

  /// Adds the node that makes the outputs of a lowered one.
  ///
  /// - Parameter output: what the operator states for its only output, where that is a tensor of counts.
  func finish(
    _ lowering: NodeLowering, _ op: Op, _ inputs: [ValueID?],
    output: (elementType: ElementType, quantization: Quantization)? = nil
  ) throws(ModelError) {
    let inputs = output == nil ? try operands(of: op, inputs, for: lowering) : inputs
    let operands = OperatorInputs(
      types: inputs.map { $0.flatMap(builder.type) }, constants: inputs.map { $0.flatMap(builder.constant) },
      dimensions: inputs.map { $0.flatMap(builder.knownDimensions) })
    let types = try op.payload.outputTypes(operands)
    let stated = lowering.record.outputs
    for (position, output) in stated.enumerated() where position >= types.count && isUsed(output) {
      throw ModelError(.unsupported, "the output \(position), '\(output)', is used")
    }
    let specifications = types.enumerated().map { position, inferred in
      let name = stated.indices.contains(position) ? stated[position] : ""
      let counts = output.map { TensorType($0.elementType, inferred.shape, quantization: $0.quantization) }
      return OutputSpecification(
        name: name.isEmpty ? lowering.name : name, origin: Self.origin(name),
        statedType: completion(of: counts ?? inferred, declaredAs: name, lowering.source) ?? counts)
    }
    let ids = try builder.add(
      op, name: lowering.name, inputs: inputs, outputs: specifications, origin: [lowering.source])
    noteStatic(ids, from: inputs)
    let isGuess = inputs.contains { $0.map(untyped.contains) ?? false }
    for (id, output) in zip(ids, stated) where !output.isEmpty { bind(output, id) }
    if isGuess { untyped.formUnion(ids) }
  }

  /// Makes the first output of a lowered node a constant.
  func finish(_ lowering: NodeLowering, _ tensor: Tensor) throws(ModelError) {
    guard let output = lowering.record.outputs.first, !output.isEmpty else { return }
    _ = completion(of: tensor.type, declaredAs: output, lowering.source)
    bind(
      output,
      builder.constant(
        name: output, tensor, origin: ValueOrigin(name: output), isTrainable: !statisticNames.contains(output)))
  }

  func noteConstant(_ tensor: Tensor, ofFirstOutputOf node: NodeRecord) {
    if let output = node.outputs.first, let id = values[output] { computedConstants[id] = tensor }
  }

  /// What the file states beyond what the operator gives: extents that inference leaves open.
  ///
  /// A statement that contradicts inference is reported and not believed.
  private func completion(of inferred: TensorType, declaredAs name: String, _ source: SourceNode) -> TensorType? {
    guard let declared = declaredTypes[name] else { return nil }
    guard declared.elementType == inferred.elementType, declared.shape.isCompatible(with: inferred.shape) else {
      findings.append(
        Finding(
          .warning, code: "contradicting-type",
          "the file states '\(name)' as \(declared), its operator gives \(inferred)",
          nodes: [source]))
      return nil
    }
    guard let known = inferred.shape.dimensions else { return inferred.with(shape: declared.shape) }
    guard let stated = declared.shape.dimensions else { return nil }
    return inferred.with(shape: .ranked(zip(known, stated).map { $0 == .unknown ? $1 : $0 }))
  }
}
