public import ModelGraph

extension Tensor {
  /// Checks that the tensor may be added to sums of products of counts as ONNX has it: int32 counts of sₓ · s_w without a zero
  /// point.
  ///
  /// - Throws: `.malformed` for any other tensor.
  public func requireBias(input x: TensorType, weights w: TensorType) throws(ModelError) {
    let expected = (w.quantization?.scales ?? []).map { (x.quantization?.scales.first ?? 0) * $0 }
    guard elementType == .int32, let quantization = type.quantization, quantization.scales == expected,
      quantization.zeroPoints.allSatisfy({ $0 == 0 })
    else {
      throw ModelError(.malformed, "a bias of type \(type), whose scale is not input × weight scale")
    }
  }
}
