import FormatSupport
import ModelGraph

/// Gives one operator of the file its meaning: reads its options and inputs, and adds the nodes that say the same.
///
/// An operator that Ferry cannot express becomes an opaque node with everything the file says of it, and the reason.
final class OperatorImport {
  let graph: GraphImporter
  let table: OperatorTable
  let code: OperatorCodeTable
  let source: SourceNode
  let options: AttributeReader<OptionValue>

  init(graph: GraphImporter, table: OperatorTable, code: OperatorCodeTable, source: SourceNode) {
    self.graph = graph
    self.table = table
    self.code = code
    self.source = source
    options = AttributeReader(
      Dictionary(table.options.values.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }))
  }

  /// - Throws: `.malformed` where the operator contradicts itself or its inputs.
  func run() throws(ModelError) {
    for tensor in table.inputs where tensor != -1 { _ = try graph.row(tensor) }
    for tensor in table.outputs { try graph.expectUndefined(tensor) }
    do {
      try lowering()(self)
    } catch  where error.code == .unsupported {
      try addOpaque(reason: error.message)
    }
  }

  private func lowering() throws(ModelError) -> OperatorLowering.Body {
    if code.code == BuiltinOperator.custom {
      throw ModelError(.unsupported, "a custom operator")
    }
    guard let lowering = OperatorLowering.all[code.name] else {
      throw ModelError(.unsupported, "Ferry has no meaning for it")
    }
    guard lowering.versions.contains(code.version) else {
      throw ModelError(
        .unsupported, "version \(code.version); Ferry knows it up to version \(lowering.versions.upperBound)")
    }
    if table.secondOptionsType != 0 {
      throw ModelError(.unsupported, "options of the second kind, type \(table.secondOptionsType)")
    }
    if let expected = lowering.options, table.options.type != 0, table.options.table?.name != expected {
      let found = table.options.table?.name ?? "type \(table.options.type)"
      throw ModelError(.malformed, "options of kind \(found) where \(expected) belong")
    }
    if let field = table.options.unknownFields.first {
      throw ModelError(.unsupported, "an option of a newer schema (field \(field))")
    }
    return lowering.body
  }

  /// Keeps the operator with all that the file says of it.
  private func addOpaque(reason: String) throws(ModelError) {
    var attributes: [String: OpaqueOp.Attribute] = [:]
    for (name, value) in table.options.values { attributes[name] = Self.attribute(value) }
    if table.options.type != 0, table.options.table == nil {
      attributes["builtin_options"] = .description("type \(table.options.type)")
    }
    if table.secondOptionsType != 0 {
      attributes["builtin_options_2"] = .description("type \(table.secondOptionsType)")
    }
    if let range = table.customOptions { attributes["custom_options"] = .description("\(range.count) bytes") }
    if table.mutatesVariables { attributes["mutating_variable_inputs"] = .description("yes") }
    var types: [TensorType] = []
    for tensor in table.outputs { types.append(try graph.statedType(of: tensor)) }
    let op = OpaqueOp(
      domain: "tflite", operatorName: code.name, version: code.version, attributes: attributes,
      statedOutputTypes: types, reason: reason)
    var inputs: [ValueID?] = []
    for tensor in table.inputs { inputs.append(tensor == -1 ? nil : try graph.value(of: tensor)) }
    try graph.budget.spend(name: code.name)
    graph.findings.append(
      Finding(.warning, code: "opaque-operator", "\(code.name) is kept without a meaning: \(reason)", nodes: [source]))
    try define(.opaque(op), inputs, outputs: table.outputs)
  }

  private static func attribute(_ value: OptionValue) -> OpaqueOp.Attribute {
    switch value {
    case .integer(let number): .integer(Int64(number))
    case .float(let number): .float(Double(number))
    case .bool(let flag): .integer(flag ? 1 : 0)
    case .integers(let numbers): .integers(numbers.map { Int64($0) })
    case .floats(let numbers): .floats(numbers.map { Double($0) })
    case .string(let text): .string(text)
    case .enumeration(_, let name): .string(name)
    }
  }

  // MARK: Adding nodes

  /// The name of the nodes: the first output's.
  var name: String { table.outputs.first.map { graph.name(of: $0) } ?? "\(code.name) \(source.index ?? 0)" }

  /// Adds the node that makes the operator's outputs, after checking that every option was read.
  func emit(_ op: Op, _ inputs: [ValueID?]) throws(ModelError) {
    try options.requireAllRead()
    try define(op, inputs, outputs: table.outputs)
  }

  /// As `emit`, followed by an activation that is no range.
  func emit(_ op: Op, _ inputs: [ValueID?], then function: Unary.Function?) throws(ModelError) {
    guard let function else { return try emit(op, inputs) }
    try options.requireAllRead()
    try emit(.unary(Unary(function)), [try step(op, inputs, "before activation")])
  }

  /// Adds several nodes in a row, the last of which makes the operator's outputs.
  func emit(chain: [(op: Op, suffix: String)], from value: ValueID) throws(ModelError) {
    var current = value
    for (op, suffix) in chain.dropLast() { current = try step(op, [current], suffix) }
    try emit(chain.last?.op ?? .identity(Identity()), [current])
  }

  /// Adds a node on the way to the outputs.
  func step(_ op: Op, _ inputs: [ValueID?], _ suffix: String) throws(ModelError) -> ValueID {
    try graph.budget.spend(name: name)
    let ids = try graph.builder.add(op, name: "\(name)/\(suffix)", inputs: inputs, origin: [source])
    guard let id = ids.first else { throw ModelError(.internalFault, "\(op.name) makes no output") }
    return id
  }

  /// Adds a node that makes the given tensors.
  func define(_ op: Op, _ inputs: [ValueID?], outputs: [Int]) throws(ModelError) {
    var specifications: [OutputSpecification] = []
    for tensor in outputs {
      specifications.append(
        OutputSpecification(
          name: graph.name(of: tensor), origin: graph.origin(of: tensor),
          statedType: try graph.statedType(of: tensor)))
    }
    let name = outputs.first.map { graph.name(of: $0) } ?? self.name
    let ids = try graph.builder.add(op, name: name, inputs: inputs, outputs: specifications, origin: [source])
    for (tensor, id) in zip(outputs, ids) { try graph.define(tensor, id) }
  }
}
