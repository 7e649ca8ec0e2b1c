internal import ModelGraph

/// One node of the file on its way into the graph: what its operator's lowering reads, and where it puts the result.
///
/// A lowering reads all attributes and inputs first and adds nodes last: the first addition refuses attributes that nobody
/// has read. A lowering that throws `.unsupported` makes the node opaque.
struct NodeLowering {
  let record: NodeRecord
  /// The version of the operator set in force.
  let version: Int
  let attributes: NodeAttributes
  let source: SourceNode
  /// The name that the node and its parts get.
  let name: String
  let inputs: [ValueID?]
  private let graph: GraphImporter

  init(
    _ record: NodeRecord, version: Int, source: SourceNode, name: String, inputs: [ValueID?], graph: GraphImporter
  ) throws(ModelError) {
    self.record = record
    self.version = version
    self.source = source
    self.name = name
    self.inputs = inputs
    self.graph = graph
    attributes = try NodeAttributes(record.attributes)
  }

  // MARK: Reading

  /// Input `index`, which the operator requires.
  func input(_ index: Int) throws(ModelError) -> ValueID {
    guard let id = optionalInput(index) else { throw ModelError(.malformed, "input \(index) is missing") }
    return id
  }

  func optionalInput(_ index: Int) -> ValueID? { inputs.indices.contains(index) ? inputs[index] : nil }

  /// All inputs, none of which may be absent.
  func allInputs() throws(ModelError) -> [ValueID] {
    guard !inputs.isEmpty else { throw ModelError(.malformed, "the operator has no inputs") }
    var result: [ValueID] = []
    for index in inputs.indices { result.append(try input(index)) }
    return result
  }

  /// The type of a value of the graph.
  func type(_ id: ValueID) throws(ModelError) -> TensorType {
    guard let type = graph.builder.type(id) else { throw ModelError(.internalFault, "a value without a type") }
    return type
  }

  func inputType(_ index: Int) throws(ModelError) -> TensorType { try type(try input(index)) }

  /// The dimensions of input `index`.
  ///
  /// - Throws: `.unsupported` when not even the rank is known.
  func dimensions(_ index: Int) throws(ModelError) -> [Dimension] {
    guard let dimensions = try inputType(index).shape.dimensions else {
      throw ModelError(.unsupported, "the rank of input \(index) is not known")
    }
    return dimensions
  }

  /// The content of input `index`, when it is constant.
  func constant(_ index: Int) -> Tensor? { optionalInput(index).flatMap(graph.constant) }

  /// Whether input `index` is the same on every run, though a node may compute it.
  func isStatic(_ index: Int) -> Bool { optionalInput(index).map(graph.isStatic) ?? false }

  /// The elements of an integer input that is known before the network runs; nil when it is absent.
  ///
  /// - Throws: `.unsupported` when it is only known at run time.
  func integers(_ index: Int, _ role: String) throws(ModelError) -> [Int]? {
    guard let id = optionalInput(index) else { return nil }
    if let constant = graph.constant(id) {
      guard constant.extents.count <= 1 else { throw ModelError(.malformed, "\(role) is a \(constant.type)") }
      return try constant.integers()
    }
    let known = graph.builder.knownDimensions(id)?.map(\.fixedValue)
    if let known, !known.contains(nil) { return known.compactMap { $0 } }
    throw ModelError(.unsupported, "\(role) that is computed at run time")
  }

  /// What shapes tell of the elements of an integer input.
  func knownDimensions(_ index: Int) -> [Dimension]? { optionalInput(index).flatMap(graph.builder.knownDimensions) }

  /// The numbers of an input that is constant; nil when it is absent or empty.
  ///
  /// - Throws: `.unsupported` when it is computed.
  func floats(_ index: Int, _ role: String) throws(ModelError) -> [Float]? {
    guard let id = optionalInput(index) else { return nil }
    guard let constant = graph.constant(id) else {
      throw ModelError(.unsupported, "\(role) that is computed at run time")
    }
    return constant.elementCount == 0 ? nil : try constant.floats()
  }

  /// An axis as a position from the front.
  func axis(_ axis: Int, rank: Int) throws(ModelError) -> Int {
    let position = axis < 0 && axis >= -rank ? axis + rank : axis
    guard (0..<rank).contains(position) else {
      throw ModelError(.malformed, "axis \(axis) of a tensor with \(rank) axes")
    }
    return position
  }

  /// Axes as positions from the front, ascending.
  func axes(_ axes: [Int], rank: Int) throws(ModelError) -> [Int] {
    var positions: [Int] = []
    for axis in axes { positions.append(try self.axis(axis, rank: rank)) }
    guard Set(positions).count == positions.count else { throw ModelError(.malformed, "the axes \(axes) repeat") }
    return positions.sorted()
  }

  /// Whether anything reads output `index`.
  func isOutputUsed(_ index: Int) -> Bool {
    record.outputs.indices.contains(index) && graph.isUsed(record.outputs[index])
  }

  /// The tensor of an attribute.
  func tensor(_ record: TensorRecord) throws(ModelError) -> Tensor { try graph.tensors.tensor(record) }

  // MARK: Writing

  /// Adds a node in front of the one that makes the outputs.
  func add(_ op: Op, _ inputs: [ValueID?], _ part: String) throws(ModelError) -> ValueID {
    try attributes.requireAllRead()
    try graph.budget.spend(2 * name.utf8.count)
    let outputs = try graph.builder.add(
      op, name: "\(name).\(part)", inputs: inputs, outputs: [OutputSpecification(name: "\(name).\(part)")],
      origin: [source])
    graph.noteStatic(outputs, from: inputs)
    guard let first = outputs.first else { throw ModelError(.internalFault, "an operator without an output") }
    return first
  }

  /// Charges a constant that is a converted copy of one that other nodes may convert too.
  func spend(on constant: Tensor, width: Int) throws(ModelError) {
    let (byteCount, overflow) = constant.elementCount.multipliedReportingOverflow(by: width)
    try graph.budget.spend(overflow ? Int.max : byteCount)
  }

  /// A constant that the lowering makes.
  func addConstant(_ tensor: Tensor, _ part: String, origin: ValueOrigin? = nil) -> ValueID {
    graph.builder.constant(name: "\(name).\(part)", tensor, origin: origin)
  }

  /// Constant `id` under another shape; shared weights are shared again as long as they keep their shape.
  func reshapedConstant(_ id: ValueID, to shape: [Int], _ part: String) throws(ModelError) -> ValueID {
    guard let tensor = graph.constant(id) else { throw ModelError(.internalFault, "no constant") }
    if tensor.extents == shape { return id }
    let origin = graph.name(of: id).map { ValueOrigin(name: $0) }
    return addConstant(try tensor.reshaped(to: shape), part, origin: origin)
  }

  /// The counts of a value under the quantization that this operator states for them; nil: as integers.
  ///
  /// Adds a node where the value is computed and carries another one.
  func counts(_ id: ValueID, as quantization: Quantization?) throws(ModelError) -> ValueID {
    try graph.counts(id, as: quantization, for: self)
  }

  /// Adds the node that makes the outputs.
  ///
  /// - Parameter output: what the operator states for its only output, where that is a tensor of counts.
  func finish(
    _ op: Op, _ inputs: [ValueID?], output: (elementType: ElementType, quantization: Quantization)? = nil
  ) throws(ModelError) {
    try attributes.requireAllRead()
    try graph.finish(self, op, inputs, output: output)
  }

  /// Gives the first output a constant content.
  func finish(constant: Tensor) throws(ModelError) {
    try attributes.requireAllRead()
    try graph.finish(self, constant)
  }

  /// Notes that the first output has a content that is known, though a node computes it.
  func noteConstantOutput(_ tensor: Tensor) { graph.noteConstant(tensor, ofFirstOutputOf: record) }
}
