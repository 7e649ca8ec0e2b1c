import ModelGraph

extension Evaluation {
  /// The results of an operator.
  func result(of op: Op) throws(ModelError) -> [Tensor] {
    if arithmetic == .liteRT, computesWithCounts { return try liteRTResult(of: op) }
    if arithmetic == .onnx, computesWithCounts, let results = try onCountsByONNX(op) { return results }
    try requireKnownArithmetic(op)
    return try plainResult(of: op)
  }

  /// The results of an operator on real numbers or plain integers, or of one that only moves elements.
  func plainResult(of op: Op) throws(ModelError) -> [Tensor] {
    switch op {
    case .conv2D(let op): try convolution(op)
    case .convTranspose2D(let op): try transposedConvolution(op)
    case .fullyConnected(let op): try fullyConnected(op)
    case .matMul(let op): try matrixProduct(op)
    case .batchNorm(let op): try batchNorm(op)
    case .layerNorm(let op): try layerNorm(op)
    case .clamp(let op): try clamp(op)
    case .unary(let op): try unary(op)
    case .prelu: try prelu()
    case .binary(let op): try binary(op)
    case .pool2D(let op): try pool(op)
    case .globalPool(let op): try globalPool(op)
    case .reduce(let op): try reduce(op)
    case .softmax(let op): try softmax(op)
    case .pad(let op): try pad(op)
    case .reshape, .flatten, .squeeze, .unsqueeze, .identity: try reshape()
    case .transpose(let op): try transpose(op)
    case .concat(let op): try concat(op)
    case .split(let op): try split(op)
    case .slice(let op): try slice(op)
    case .gather(let op): try gather(op)
    case .resize2D(let op): try resize(op)
    case .spaceToDepth(let op): try spaceToDepth(op)
    case .depthToSpace(let op): try depthToSpace(op)
    case .cast(let op): try cast(op)
    case .quantize(let op): try quantize(op)
    case .dequantize: try dequantize()
    case .reinterpret: try reinterpret()
    case .dynamicQuantize: try dynamicQuantize()
    case .integerConv2D(let op): try integerConvolution(op)
    case .integerMatMul: try integerProduct()
    case .shapeOf(let op): try shapeOf(op)
    case .constantOfShape(let op): try constantOfShape(op)
    case .expand: try expand()
    case .tile(let op): try tile(op)
    case .argExtremum(let op): try argExtremum(op)
    case .select: try select()
    case .opaque(let op): throw ModelError(.unsupported, "\(op.operatorName) has no meaning here: \(op.reason)")
    }
  }

  /// Refuses counts of quantized tensors where an operator would compute with them.
  ///
  /// Operators that only move elements move counts as well, as long as the counts mean the same before and after.
  ///
  /// - Throws: `.unsupported`.
  private func requireKnownArithmetic(_ op: Op) throws(ModelError) {
    let types = inputs.compactMap { $0?.type } + outputTypes
    guard types.contains(where: { $0.quantization != nil }) else { return }
    switch op {
    case .quantize, .dequantize, .reinterpret, .shapeOf: return
    case .argExtremum:
      // The order of counts is the order of what they stand for, one scale for all of them provided.
      if case .perTensor? = try input(0).type.quantization { return }
    case .concat(let concat) where concat.outputClamp.isUnbounded:
      if types.allSatisfy({ $0.quantization == types[0].quantization && $0.elementType == types[0].elementType }) {
        return
      }
    case .pad, .reshape, .flatten, .squeeze, .unsqueeze, .identity, .transpose, .split, .slice, .gather,
      .spaceToDepth, .depthToSpace, .expand, .tile:
      if try keepsQuantization(op) { return }
    case .resize2D(let resize) where resize.interpolation == .nearest:
      if try keepsQuantization(op) { return }
    default: break
    }
    let quantized = types.first { $0.quantization != nil }
    throw ModelError(
      .unsupported, "\(op.name) with a quantized tensor (\(quantized.map(\.description) ?? ""))",
      hint: "the reference interpreter computes with real numbers; dequantize the tensor first")
  }

  /// Whether the results are quantized as the first operand is.
  private func keepsQuantization(_ op: Op) throws(ModelError) -> Bool {
    let inferred = try op.payload.outputTypes(OperatorInputs(types: inputs.map { $0?.type }, constants: inputs))
    return zip(inferred, outputTypes).allSatisfy {
      $0.quantization == $1.quantization && $0.elementType == $1.elementType
    }
  }
}
