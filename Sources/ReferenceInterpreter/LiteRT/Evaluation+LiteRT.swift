import ModelGraph

/// The operators of graphs whose quantized arithmetic is LiteRT's: what its reference kernels compute, count for count.
///
/// Source: LiteRT 2.3.0, tflite/kernels and tflite/kernels/internal/reference, built without TFLITE_SINGLE_ROUNDING.
extension Evaluation {
  /// Whether some operand or result is quantized.
  var computesWithCounts: Bool {
    outputTypes.contains { $0.quantization != nil } || inputs.contains { $0?.type.quantization != nil }
  }

  /// The results of an operator of which some tensor is quantized.
  ///
  /// - Throws: `.unsupported` naming operators and element types that have no kernel.
  func liteRTResult(of op: Op) throws(ModelError) -> [Tensor] {
    switch op {
    case .conv2D(let op): return try isHybrid ? hybridConvolution(op) : integerConvolution(op)
    case .fullyConnected(let op): return try isHybrid ? hybridFullyConnected(op) : integerFullyConnected(op)
    case .binary(let op): return try integerBinary(op)
    case .clamp(let op): return try integerClamp(op)
    case .unary(let op): return try integerUnary(op)
    case .prelu: return try integerPReLU()
    case .pool2D(let op): return try integerPool(op)
    case .reduce(let op): return try integerReduce(op)
    case .softmax(let op): return try integerSoftmax(op)
    case .resize2D(let op): return try integerResize(op)
    case .concat(let op): return try integerConcat(op)
    case .quantize(let op): return try input(0).type.quantization == nil ? quantize(op) : requantize()
    case .dequantize: return try dequantize()
    case .shapeOf(let op): return try shapeOf(op)
    case .argExtremum(let op):
      // The order of counts is the order of what they stand for, one scale for all of them provided.
      _ = try input(0).type.scale()
      return try argExtremum(op)
    case .pad, .reshape, .flatten, .squeeze, .unsqueeze, .identity, .transpose, .split, .slice, .gather,
      .spaceToDepth, .depthToSpace, .expand, .tile, .select:
      try requireSameQuantization(op)
      return try plainResult(of: op)
    case .convTranspose2D, .matMul, .batchNorm, .layerNorm, .globalPool, .cast, .constantOfShape, .reinterpret,
      .dynamicQuantize, .integerConv2D, .integerMatMul, .opaque:
      throw unknownArithmetic(op)
    }
  }

  /// Whether real numbers meet integer weights, so that they are quantized while the operator runs.
  private var isHybrid: Bool {
    inputs.count > 1 && inputs[0]?.elementType == .float32 && inputs[1]?.type.quantization != nil
  }

  func unknownArithmetic(_ op: Op, _ reason: String = "") -> ModelError {
    let types = (inputs.compactMap { $0?.type } + outputTypes).map(\.description).joined(separator: ", ")
    return ModelError(
      .unsupported,
      "\(op.name)\(op.functionName) has no meaning in LiteRT's integer arithmetic\(reason.isEmpty ? "" : " \(reason)")"
        + " (\(types))")
  }

  /// Refuses an operator that moves counts where they would mean something else afterwards.
  ///
  /// The kernels move them as they are, whatever the scales say.
  private func requireSameQuantization(_ op: Op) throws(ModelError) {
    let data: [Tensor?] = if case .select = op { Array(inputs.dropFirst()) } else { Array(inputs.prefix(1)) }
    let types = data.compactMap { $0?.type } + outputTypes
    guard let first = types.first,
      types.allSatisfy({
        $0.elementType == first.elementType && $0.quantization?.moves(as: first.quantization) ?? false
      })
    else { throw unknownArithmetic(op, "where it changes the scale") }
  }
}

extension Quantization {
  /// Whether counts that are only moved stand for the same numbers under both.
  ///
  /// Along an axis of its own a quantization moves with the axis; the types that shape inference gives say how.
  fileprivate func moves(as other: Quantization?) -> Bool {
    guard let other else { return false }
    return scales == other.scales && zeroPoints == other.zeroPoints
  }
}

extension Op {
  /// The function of an operator that has several, for messages.
  var functionName: String {
    switch self {
    case .unary(let op): " \(op.function)"
    case .binary(let op): " \(op.function.rawValue)"
    case .reduce(let op): " \(op.function.rawValue)"
    default: ""
    }
  }
}
