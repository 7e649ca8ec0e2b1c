import ModelGraph

extension Tensor {
  /// The real numbers that the elements stand for: scale · (count − zero point) where the tensor is quantized.
  func realNumbers() throws(ModelError) -> [Double] {
    let stored = try doubles()
    switch type.quantization {
    case nil: return stored
    case .perTensor(let scale, let zeroPoint):
      return stored.map { ($0 - Double(zeroPoint)) * Double(scale) }
    case .perAxis(let axis, let scales, let zeroPoints):
      guard extents.indices.contains(axis), scales.count == extents[axis], zeroPoints.count == scales.count else {
        throw ModelError(.malformed, "\(scales.count) scales along axis \(axis) of \(type.shape)")
      }
      let inner = extents[(axis + 1)...].reduce(1, *)
      return stored.indices.map { index in
        let channel = index / inner % scales.count
        return (stored[index] - Double(zeroPoints[channel])) * Double(scales[channel])
      }
    case .blocked:
      throw ModelError(.unsupported, "comparing tensors that are quantized in blocks")
    }
  }
}
