public import ModelGraph
import ReferenceInterpreter

/// Computes what hangs on constants alone, and makes the targets of reshapes static.
///
/// Half-precision and compressed weights behind a conversion become float32 tensors; chains from Shape to Reshape become the
/// reshape's own target, an open batch included. Dequantized weights of a quantized network stay: with the node they belong to
/// the integer arithmetic.
public struct FoldConstants: Pass {
  public static let name = "fold-constants"

  /// A folded constant may take this many times the bytes that its inputs take in the file…
  private static let largestGrowth = 8
  /// …or this many bytes, whichever is more.
  private static let freeBytes = 1 << 20
  /// What all folded constants of a graph may take beyond that many times the bytes of all its constants.
  private static let freeBytesOfAll = 64 << 20
  /// The largest constant that is made, in bytes.
  private static let largestConstant = 1 << 30
  /// Multiply–accumulates that folding one node may take.
  private static let largestWork = 1 << 28

  public init() {}

  public func run(_ graph: Graph) throws(ModelError) -> PassOutcome {
    var report = PassReport(name: Self.name)
    guard graph.nodes.contains(where: { mayChange($0, graph) { graph[$0].constant != nil } }) else {
      return PassOutcome(graph: graph, report: report)
    }
    var copy = GraphCopy(of: graph)
    let stored = storedBytes(graph.values.map(\.constant)).multipliedReportingOverflow(by: Self.largestGrowth)
    var freeBytes = Self.freeBytesOfAll + (stored.overflow ? 0 : stored.partialValue)
    let isQuantized = graph.computesWithCounts
    for node in graph.nodes {
      let frame = node.origin.first?.frame ?? .node(name: node.name, operator: node.op.name, index: nil)
      let decision = try within(frame) { () throws(ModelError) in
        try decide(node, &copy, isQuantized: isQuantized, freeBytes: freeBytes)
      }
      switch decision {
      case .keep: try copy.add(node)
      case .reject(let reason):
        report.rejections.append(PassReport.Rejection(node: node.displayName, reason: reason))
        try copy.add(node)
      case .reshape(let target):
        report.applied += 1
        report.explanations.append("\(node.displayName): the target of the reshape is known")
        let x = try copy.copies(of: [node.input(0)])
        try copy.add(node, op: .reshape(Reshape(target)), inputs: x)
      case .fold(let tensors):
        report.applied += 1
        freeBytes -= storedBytes(tensors)
        let types = tensors.map(\.type.description).joined(separator: ", ")
        report.explanations.append("\(node.displayName) (\(node.op.name)) is constant: \(types)")
        let isTrainable = node.inputs.allSatisfy { $0.map { graph[$0].isTrainable } ?? true }
        for (output, tensor) in zip(node.outputs, tensors) {
          let value = graph[output]
          copy.set(
            output,
            to: copy.builder.constant(name: value.name, tensor, origin: value.origin, isTrainable: isTrainable))
        }
      }
    }
    return PassOutcome(graph: try copy.finished(), report: report)
  }

  private enum Decision {
    case keep
    case reject(String)
    case fold([Tensor])
    case reshape([Reshape.Extent])
  }

  /// Whether there is a choice but to keep a node.
  private func mayChange(_ node: Node, _ graph: Graph, isConstant: (ValueID) -> Bool) -> Bool {
    if case .reshape(let op) = node.op, op.target == nil { return true }
    return node.inputs.allSatisfy { $0.map(isConstant) ?? true }
      || node.outputs.contains { graph[$0].knownDimensions != nil }
  }

  /// - Parameter freeBytes: what may be made still.
  private func decide(
    _ node: Node, _ copy: inout GraphCopy, isQuantized: Bool, freeBytes: Int
  ) throws(ModelError) -> Decision {
    let graph = copy.source
    guard mayChange(node, graph, isConstant: { copy.constant($0) != nil }) else { return .keep }
    if case .opaque = node.op { return .keep }
    if let tensor = try shapeConstant(node, graph) { return .fold([tensor]) }
    let constants = node.inputs.map { $0.flatMap { copy.constant($0) } }
    guard !node.inputs.isEmpty, zip(node.inputs, constants).allSatisfy({ $0 == nil || $1 != nil }) else {
      if case .reshape(let op) = node.op, op.target == nil { return try staticTarget(node, &copy) }
      return .keep
    }
    let operands = OperatorInputs(types: constants.map { $0?.type }, constants: constants)
    let types = try node.op.payload.outputTypes(operands)
    if case .dequantize = node.op, isQuantized, operands.optionalType(0)?.quantization != nil {
      return .reject("the counts belong to the integer arithmetic of a quantized network")
    }
    guard let size = byteCount(types), size <= Self.largestConstant else {
      return .reject("the result would be too large")
    }
    if case .constantOfShape(let op) = node.op {
      return .fold([try Tensor(type: types[0], splat: op.value)])
    }
    guard let dense = byteCount(constants.compactMap { $0?.type }), dense <= Self.largestConstant,
      size <= max(storedBytes(constants) * Self.largestGrowth, Self.freeBytes)
    else { return .reject("the result would take many times the bytes of what it is computed from") }
    guard size <= freeBytes else {
      return .reject("the results of all such nodes would take many times the bytes of what they are computed from")
    }
    guard node.op.payload.multiplyAccumulates(operands, outputs: types) ?? 0 <= Self.largestWork else {
      return .reject("computing it would take too long")
    }
    do {
      let stated = zip(node.outputs, types).map { output, inferred in
        TensorType(
          graph[output].type.elementType, inferred.shape,
          quantization: graph[output].type.quantization ?? inferred.quantization)
      }
      return .fold(
        try ReferenceInterpreter.evaluate(node.op, constants, outputTypes: stated, arithmetic: graph.arithmetic))
    } catch {
      guard error.code == .unsupported else { throw error }
      return .reject(error.message)
    }
  }

  /// The elements of a shape computation, when all of them follow from shapes.
  private func shapeConstant(_ node: Node, _ graph: Graph) throws(ModelError) -> Tensor? {
    guard node.outputs.count == 1 else { return nil }
    let value = graph[node.outputs[0]]
    guard let known = value.knownDimensions, value.type.quantization == nil,
      let extents = value.type.shape.extents, extents.count <= 1, Shape.elementCount(of: extents) == known.count
    else { return nil }
    let elements = known.compactMap(\.fixedValue)
    guard elements.count == known.count else { return nil }
    switch value.type.elementType {
    case .int64: return try Tensor(elements.map(Int64.init), type: value.type)
    case .int32:
      let narrow = elements.compactMap { Int32(exactly: $0) }
      return narrow.count == elements.count ? try Tensor(narrow, type: value.type) : nil
    default: return nil
    }
  }

  /// The target of a reshape whose shape input is known but for extents that x has too.
  private func staticTarget(_ node: Node, _ copy: inout GraphCopy) throws(ModelError) -> Decision {
    guard node.inputs.count == 2, let input = node.inputs[0], let shape = node.inputs[1],
      let type = copy.builder.type(try copy.copy(of: input))
    else { return .keep }
    let requested: [Dimension]
    if let constant = copy.constant(shape) {
      requested = try constant.integers().map(Dimension.fixed)
    } else if let known = copy.builder.knownDimensions(try copy.copy(of: shape)) {
      requested = known
    } else {
      return .reject("the target of the reshape is only known at run time")
    }
    var target: [Reshape.Extent] = []
    for (axis, dimension) in requested.enumerated() {
      if let extent = dimension.fixedValue {
        target.append(extent == -1 ? .inferred : .fixed(extent))
      } else if let source = self.axis(holding: dimension, near: axis, of: type.shape) {
        target.append(.copied(source))
      } else {
        target.append(.inferred)
      }
    }
    guard target.filter({ $0 == .inferred }).count <= 1 else {
      return .reject("more than one extent of the reshape's target is open")
    }
    return .reshape(target)
  }

  /// The axis of x with the same open extent, the one at the same place first.
  private func axis(holding dimension: Dimension, near axis: Int, of shape: Shape) -> Int? {
    guard dimension != .unknown, let dimensions = shape.dimensions else { return nil }
    if dimensions.indices.contains(axis), dimensions[axis] == dimension { return axis }
    return dimensions.firstIndex(of: dimension)
  }

  private func byteCount(_ types: [TensorType]) -> Int? {
    var total = 0
    for type in types {
      guard let count = type.shape.elementCount(), let bytes = type.elementType.byteCount(elementCount: count) else {
        return nil
      }
      let (sum, overflow) = total.addingReportingOverflow(bytes)
      guard !overflow else { return nil }
      total = sum
    }
    return total
  }

  private func storedBytes(_ constants: [Tensor?]) -> Int {
    constants.reduce(0) { total, tensor in
      guard let tensor else { return total }
      if case .splat = tensor.content { return total + 8 }
      return total + (tensor.byteCount ?? 0)
    }
  }
}

extension Graph {
  /// Whether some value that is no constant holds counts: the network computes with integers, or says how it could.
  var computesWithCounts: Bool {
    values.contains { $0.constant == nil && $0.type.quantization != nil }
  }
}
