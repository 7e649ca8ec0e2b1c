public import ModelGraph

/// The meaning of every operator, in plain Swift: what the engine, the passes and the exporters are judged by.
///
/// Real-valued results are accumulated in float64 and rounded once to the element type of the output; integers wrap around as
/// in C. Counts of quantized tensors follow the graph's ``QuantizedArithmetic``. Nothing is done for speed that would hide a formula; each formula stands with its source at the operator's function.
public struct ReferenceInterpreter: Sendable {
  /// Elements of one tensor; the interpreter refuses to make or to read a larger one.
  public static let elementLimit = 1 << 28

  /// The graph that is run.
  public let graph: Graph

  /// An interpreter of `graph`.
  ///
  /// - Throws: `.unsupported` naming every operator of the graph that has no meaning.
  public init(_ graph: Graph) throws(ModelError) {
    try graph.requireNoOpaqueNodes()
    self.graph = graph
  }

  /// Evaluates one operator.
  ///
  /// - Parameters:
  ///   - inputs: one entry an input; nil where an optional input is absent.
  ///   - outputTypes: the types of the outputs as inferred or stated. Their quantization and element types count; open extents
  ///     are found from the inputs.
  ///   - arithmetic: the definition that the operator follows where its tensors are quantized.
  /// - Throws: `.malformed` when the inputs do not fit the operator or contradict `outputTypes`; `.unsupported` for operators and
  ///   element types without a meaning, and for tensors beyond ``elementLimit``.
  public static func evaluate(
    _ op: Op, _ inputs: [Tensor?], outputTypes: [TensorType], arithmetic: QuantizedArithmetic = .onnx
  ) throws(ModelError) -> [Tensor] {
    if case .opaque(let opaque) = op {
      throw ModelError(.unsupported, "\(opaque.operatorName) has no meaning here: \(opaque.reason)")
    }
    let types = try resolvedTypes(op, inputs, stated: outputTypes)
    for case let tensor? in inputs { try requireWithinLimit(tensor.elementCount, tensor.type) }
    let evaluation = Evaluation(inputs: inputs, outputTypes: types, arithmetic: arithmetic)
    // Without elements there is nothing to compute; no formula below needs to think of it.
    if types.allSatisfy({ $0.shape.elementCount() == 0 }) {
      var empty: [Tensor] = []
      for type in types { empty.append(try Tensor(type: type, splat: .integer(0)).densified()) }
      return empty
    }
    return try evaluation.result(of: op)
  }

  /// The types of the outputs with every extent known.
  private static func resolvedTypes(
    _ op: Op, _ inputs: [Tensor?], stated: [TensorType]
  ) throws(ModelError) -> [TensorType] {
    let inferred = try op.payload.outputTypes(OperatorInputs(types: inputs.map { $0?.type }, constants: inputs))
    guard inferred.count == stated.count else {
      throw ModelError(.malformed, "found \(stated.count) outputs, the operator has \(inferred.count)")
    }
    var types: [TensorType] = []
    for (found, wanted) in zip(inferred, stated) {
      guard found.shape.isCompatible(with: wanted.shape) else {
        throw ModelError(.malformed, "an output is stated as \(wanted.shape), the operator gives \(found.shape)")
      }
      let isQuantized = wanted.quantization != nil || found.quantization != nil
      guard found.elementType == wanted.elementType || isQuantized else {
        throw ModelError(.malformed, "an output is stated as \(wanted), the operator gives \(found)")
      }
      guard let count = found.shape.elementCount() else {
        throw ModelError(.malformed, "the shape \(found.shape) of an output is not fixed or too large")
      }
      let type = TensorType(
        wanted.elementType, found.shape, quantization: wanted.quantization ?? found.quantization)
      try requireWithinLimit(count, type)
      types.append(type)
    }
    return types
  }

  private static func requireWithinLimit(_ count: Int, _ type: TensorType) throws(ModelError) {
    guard count <= elementLimit else {
      throw ModelError(
        .unsupported, "a tensor of type \(type) is beyond the reference interpreter's limit of \(elementLimit) elements"
      )
    }
  }
}
