import ModelGraph

/// One application of an operator: its operands, and the types that its results are to have.
struct Evaluation {
  let inputs: [Tensor?]
  /// Every extent is known, and within the limit.
  let outputTypes: [TensorType]
  /// What the operator means where its tensors are quantized.
  let arithmetic: QuantizedArithmetic

  /// The same kind of evaluation with other operands and results: a step inside an operator.
  func with(inputs: [Tensor?], outputTypes: [TensorType]) -> Evaluation {
    Evaluation(inputs: inputs, outputTypes: outputTypes, arithmetic: arithmetic)
  }

  /// The operand at `index`.
  ///
  /// - Throws: `.malformed` when it is absent.
  func input(_ index: Int) throws(ModelError) -> Tensor {
    guard let tensor = optionalInput(index) else { throw ModelError(.malformed, "input \(index) is missing") }
    return tensor
  }

  func optionalInput(_ index: Int) -> Tensor? { inputs.indices.contains(index) ? inputs[index] : nil }

  /// The type of the first, for most operators only, result.
  func outputType() throws(ModelError) -> TensorType {
    guard let type = outputTypes.first else { throw ModelError(.internalFault, "an operator without outputs") }
    return type
  }

  func outputExtents() throws(ModelError) -> [Int] { try outputType().shape.extents ?? [] }

  /// The elements of a real-valued operand.
  ///
  /// - Throws: `.unsupported` when they are integers: the operator has no meaning for them.
  func reals(_ index: Int) throws(ModelError) -> [Double] {
    let tensor = try input(index)
    guard tensor.elementType.isFloatingPoint else {
      throw ModelError(.unsupported, "the operator is not defined for \(tensor.elementType.name) elements")
    }
    return try tensor.doubles()
  }

  /// The elements of an optional real-valued operand.
  func optionalReals(_ index: Int) throws(ModelError) -> [Double]? {
    optionalInput(index) == nil ? nil : try reals(index)
  }

  /// The only result: `values` limited to `clamp` and rounded to the output's element type.
  func result(_ values: [Double], clamp: ClampRange = .unbounded) throws(ModelError) -> [Tensor] {
    guard !clamp.isUnbounded else { return [try Tensor(rounding: values, type: try outputType())] }
    return [try Tensor(rounding: values.map(clamp.applied), type: try outputType())]
  }

  /// The only result: `values` limited to `clamp` and wrapped around to the output's element type.
  func result(_ values: [Int], clamp: ClampRange = .unbounded) throws(ModelError) -> [Tensor] {
    let type = try outputType()
    guard !clamp.isUnbounded else { return [try Tensor(wrapping: values, type: type)] }
    // The clamp sees the value that the type holds, not the one before it wrapped around.
    return [try Tensor(wrapping: try Tensor(wrapping: values, type: type).integers().map(clamp.applied), type: type)]
  }

  /// The product of some extents.
  ///
  /// - Throws: `.internalFault` when it overflows.
  static func product(_ extents: some Sequence<Int>) throws(ModelError) -> Int {
    guard let count = Shape.elementCount(of: Array(extents)) else {
      throw ModelError(.internalFault, "extents \(Array(extents)) are too large")
    }
    return count
  }
}
