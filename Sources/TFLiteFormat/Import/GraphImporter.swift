import FormatSupport
import ModelGraph

/// Builds one graph from a subgraph's tables.
///
/// A tensor becomes a value when something first needs it: an input, a constant, or the output of the operator that makes
/// it. Operators must stand in the order in which they run.
final class GraphImporter {
  /// Names of the graph's ports by tensor number.
  struct PortNames {
    var inputs: [Int: String] = [:]
    var outputs: [Int: String] = [:]
  }

  let model: TFLiteModel
  let subgraph: SubgraphTable
  let index: Int
  let file: any TensorStorage
  let limits: Limits
  /// What all graphs of the file share.
  let budget: ImportBudget
  private let sparseConstants: SparseConstants
  var builder: GraphBuilder
  var findings: [Finding] = []
  private(set) var ports = PortNames()
  /// The values of the tensors that exist so far.
  private var values: [Int: ValueID] = [:]
  private var constants: [ConstantKey: ValueID] = [:]
  private var types: [Int: TensorType] = [:]

  /// Tensors of one type over one buffer are one constant, where one table, or none, says how it is sparse.
  private struct ConstantKey: Hashable {
    let buffer: Int
    let type: TensorType
    let sparsity: Int?
  }

  init(
    model: TFLiteModel, subgraph: SubgraphTable, index: Int, file: any TensorStorage, limits: Limits,
    budget: ImportBudget, sparseConstants: SparseConstants
  ) {
    self.model = model
    self.subgraph = subgraph
    self.index = index
    self.file = file
    self.limits = limits
    self.budget = budget
    self.sparseConstants = sparseConstants
    builder = GraphBuilder(name: "", arithmetic: .liteRT)
  }

  func graph(name: String) throws(ModelError) -> Graph {
    builder = GraphBuilder(name: name, arithmetic: .liteRT)
    try addInputs()
    for position in subgraph.operators.indices { try addOperator(at: position) }
    try addOutputs()
    noteUnusedTensors()
    return try builder.build()
  }

  private func addInputs() throws(ModelError) {
    var names = UniqueNames()
    for tensor in subgraph.inputs {
      let row = try self.row(tensor)
      guard values[tensor] == nil else {
        throw ModelError(.malformed, "tensor \(tensor) is listed twice among the inputs")
      }
      let name = names.unique(Self.portName(row, "input\(ports.inputs.count)"))
      ports.inputs[tensor] = name
      let type = try within(.tensor(self.name(of: tensor))) { () throws(ModelError) in
        try inputType(tensor, name: name)
      }
      values[tensor] = builder.input(name: name, type: type, origin: origin(of: tensor))
      if try storedBytes(of: tensor) != nil {
        findings.append(
          Finding(.warning, code: "input-with-content", "the input '\(name)' has content, which is not used"))
      }
    }
  }

  private func addOutputs() throws(ModelError) {
    var names = UniqueNames()
    for (position, tensor) in subgraph.outputs.enumerated() {
      let row = try self.row(tensor)
      let name = names.unique(Self.portName(row, "output\(position)"))
      // One tensor may be as many outputs as the list is long.
      try budget.spend(name: name)
      if ports.outputs[tensor] == nil { ports.outputs[tensor] = name }
      builder.output(try value(of: tensor), name: name)
    }
  }

  private func addOperator(at position: Int) throws(ModelError) {
    let table = subgraph.operators[position]
    guard model.operatorCodes.indices.contains(table.codeIndex) else {
      throw ModelError(
        .malformed,
        "operator #\(position) is of kind \(table.codeIndex), the model lists \(model.operatorCodes.count) kinds")
    }
    let code = model.operatorCodes[table.codeIndex]
    let first = table.outputs.first.flatMap { subgraph.tensors.indices.contains($0) ? $0 : nil }
    let source = SourceNode(
      name: first.flatMap { subgraph.tensors[$0].name } ?? "", operatorName: code.name, index: position)
    try within(source.frame) { () throws(ModelError) in
      try OperatorImport(graph: self, table: table, code: code, source: source).run()
    }
  }

  /// The name that a port gets when no other has it: the tensor's, or one by position.
  private static func portName(_ row: TensorTable, _ place: String) -> String {
    row.name.flatMap { $0.isEmpty ? nil : $0 } ?? place
  }

  // MARK: Tensors

  func row(_ tensor: Int) throws(ModelError) -> TensorTable {
    guard subgraph.tensors.indices.contains(tensor) else {
      throw ModelError(.malformed, "tensor \(tensor) does not exist; the subgraph has \(subgraph.tensors.count)")
    }
    return subgraph.tensors[tensor]
  }

  /// The tensor's name in messages and for its value.
  func name(of tensor: Int) -> String {
    guard subgraph.tensors.indices.contains(tensor), let name = subgraph.tensors[tensor].name, !name.isEmpty else {
      return "tensor \(tensor)"
    }
    return name
  }

  func origin(of tensor: Int) -> ValueOrigin { ValueOrigin(name: subgraph.tensors[tensor].name ?? "") }

  /// The type that the file states, checked; open extents are unknown.
  func statedType(of tensor: Int) throws(ModelError) -> TensorType {
    if let type = types[tensor] { return type }
    let row = try self.row(tensor)
    let type = try within(.tensor(name(of: tensor))) { () throws(ModelError) in
      try TensorTypeReader(importer: self, row: row, tensor: tensor).type()
    }
    types[tensor] = type
    return type
  }

  /// The type of a graph input: open extents become symbols, the first one `batch`.
  private func inputType(_ tensor: Int, name: String) throws(ModelError) -> TensorType {
    var type = try statedType(of: tensor)
    guard let dimensions = type.shape.dimensions else { return type }
    type.shape = .ranked(
      dimensions.enumerated().map { axis, dimension in
        guard dimension == .unknown else { return dimension }
        return .symbolic(axis == 0 ? "batch" : "\(name).\(axis)")
      })
    return type
  }

  /// The value of a tensor that exists already or is constant.
  ///
  /// - Throws: `.malformed` where nothing has made the tensor yet.
  func value(of tensor: Int) throws(ModelError) -> ValueID {
    if let value = values[tensor] { return value }
    let row = try self.row(tensor)
    let type = try statedType(of: tensor)
    let value = try within(.tensor(name(of: tensor))) { () throws(ModelError) in
      try constantValue(tensor, row, type)
    }
    values[tensor] = value
    return value
  }

  private func constantValue(_ tensor: Int, _ row: TensorTable, _ type: TensorType) throws(ModelError) -> ValueID {
    if row.externalBuffer != 0 {
      throw ModelError(
        .unsupported, "the content lies in another file",
        hint: "re-export the model with its weights inside the .tflite file")
    }
    if row.isVariable {
      findings.append(
        Finding(
          .error, code: "state", "'\(name(of: tensor))' keeps its content between runs; every run here starts from zero"
        ))
      let zero: Scalar = type.elementType.isFloatingPoint ? .floating(0) : .integer(0)
      let content = try Tensor(type: type, splat: zero)
      return builder.constant(name: name(of: tensor), content, origin: origin(of: tensor), isTrainable: false)
    }
    let range = try storedBytes(of: tensor)
    let key = ConstantKey(buffer: row.buffer, type: type, sparsity: row.sparsity?.position)
    if range != nil, let value = constants[key] { return value }
    guard let range = range ?? (type.shape.elementCount() == 0 ? 0..<0 : nil) else {
      throw ModelError(.malformed, "tensor \(tensor) is used before any operator has made it, and is no constant")
    }
    let content: Tensor
    if let sparsity = row.sparsity {
      content = try sparseConstants.dense(sparsity, type: type, buffer: row.buffer, range: range)
    } else {
      content = try Tensor(type: type, storage: file, range: range)
    }
    let value = builder.constant(name: name(of: tensor), content, origin: origin(of: tensor))
    constants[key] = value
    return value
  }

  /// Where a constant's bytes lie; `nil` for a tensor without content.
  private func storedBytes(of tensor: Int) throws(ModelError) -> Range<Int>? {
    let buffer = try row(tensor).buffer
    // Buffer 0 is empty by convention, and some writers leave the whole list out.
    guard buffer != 0 else { return model.buffers.first?.bytes }
    guard model.buffers.indices.contains(buffer) else {
      throw ModelError(
        .malformed, "'\(name(of: tensor))' lies in buffer \(buffer), the model has \(model.buffers.count)")
    }
    return model.buffers[buffer].bytes
  }

  /// - Throws: `.malformed` where the tensor exists already, so that no operator can make it.
  func expectUndefined(_ tensor: Int) throws(ModelError) {
    _ = try row(tensor)
    guard values[tensor] == nil else {
      throw ModelError(
        .malformed, "'\(name(of: tensor))' exists already: it is an input, or read or made by an earlier operator")
    }
  }

  /// Notes that an operator has made the tensor.
  ///
  /// - Throws: `.malformed` where the tensor exists already.
  func define(_ tensor: Int, _ value: ValueID) throws(ModelError) {
    try expectUndefined(tensor)
    values[tensor] = value
  }

  private func noteUnusedTensors() {
    let unused = subgraph.tensors.indices.filter { values[$0] == nil }
    guard !unused.isEmpty else { return }
    findings.append(
      Finding(
        .note, code: "unused-tensors",
        "\(unused.count == 1 ? "one tensor is" : "\(unused.count) tensors are") used by nobody: "
          + unused.firstFew { "'\(name(of: $0))'" }))
  }
}
