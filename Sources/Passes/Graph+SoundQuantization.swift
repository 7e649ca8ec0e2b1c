public import ModelGraph

extension Graph {
  /// Refuses a graph in which some value is quantized in a way that no operator can use: scales along an axis that the value does
  /// not have, more or fewer of them than the axis is long, one scale that is not a positive number.
  ///
  /// Real files state such things, and can be looked at; a converted one would carry the contradiction on.
  ///
  /// - Throws: `.malformed` naming every such value.
  public func requireSoundQuantization() throws(ModelError) {
    let faults = values.compactMap { value in
      value.type.quantization.flatMap { $0.fault(in: value.type) }.map { "'\(value.name)' \($0)" }
    }
    guard let first = faults.first else { return }
    guard faults.count > 1 else { throw ModelError(.malformed, "the tensor \(first)") }
    throw ModelError(
      .malformed, "\(faults.count) tensors are quantized in contradiction: " + faults.joined(separator: "; "))
  }
}

extension Quantization {
  /// What is wrong with the quantization of a value of `type`; nil where it can be used.
  fileprivate func fault(in type: TensorType) -> String? {
    switch self {
    case .perTensor(let scale, _):
      return scale > 0 && scale.isFinite ? nil : "has a scale of \(scale)"
    case .perAxis(let axis, let scales, let zeroPoints):
      guard let dimensions = type.shape.dimensions else { return nil }
      guard dimensions.indices.contains(axis) else {
        return "has scales along axis \(axis) of \(type.shape)"
      }
      guard dimensions[axis].isCompatible(with: .fixed(scales.count)), zeroPoints.count == scales.count else {
        return "has \(scales.count) scales and \(zeroPoints.count) zero points along axis \(axis) of \(type.shape)"
      }
      // A scale of zero stands for a channel that is zero everywhere.
      let wrong = scales.first { $0 < 0 || !$0.isFinite }
      return wrong.map { "has a scale of \($0)" }
    case .blocked: return nil
    }
  }
}
