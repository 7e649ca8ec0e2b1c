internal import ModelGraph

/// A value as one of its readers sees it: ONNX lets every operator state anew what counts stand for.
struct CountReading: Hashable {
  let value: ValueID
  let quantization: Quantization?
}

extension Op {
  /// Whether the operator hands the counts of its operands on as they are, so that they go on standing for the same numbers.
  func movesCounts(_ types: [TensorType?]) -> Bool {
    switch self {
    case .dequantize, .reinterpret, .shapeOf: return true
    default: break
    }
    guard case .perTensor? = types.first??.quantization else { return false }
    switch self {
    case .reshape, .flatten, .squeeze, .unsqueeze, .identity, .transpose, .split, .slice, .gather, .expand, .tile,
      .spaceToDepth, .depthToSpace:
      return types.dropFirst().allSatisfy { $0?.quantization == nil }
    case .resize2D(let op): return op.interpolation == .nearest
    case .pool2D(let op): return op.kind == .maximum
    case .globalPool(let op): return op.kind == .maximum
    case .concat: return types.allSatisfy { $0?.quantization == types[0]?.quantization }
    default: return false
    }
  }
}
