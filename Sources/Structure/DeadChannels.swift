import ModelGraph

/// How many output channels of a convolution are constant whatever the input.
struct DeadChannels {
  let count: Int

  /// A γ below this share of the layer's largest hides its channel.
  static let negligibleGamma: Float = 1e-7

  /// Nil when the weights cannot be read as numbers.
  init?(filter: Tensor, conv: Conv2D, gamma: Tensor?) {
    guard filter.type.elementType == .float32 || filter.type.elementType == .float16,
      let canonical = try? conv.filterLayout.canonical(filter, groups: conv.groups),
      let weights = try? canonical.floats(), let channels = canonical.extents.first, channels > 0
    else { return nil }
    let size = weights.count / channels
    let factors = gamma.flatMap { try? $0.floats() }
    let largest = factors?.map(abs).max() ?? 0
    count = (0..<channels).count { channel in
      if let factors, factors.indices.contains(channel), largest > 0,
        abs(factors[channel]) <= largest * Self.negligibleGamma
      {
        return true
      }
      return weights[channel * size..<(channel + 1) * size].allSatisfy { $0 == 0 }
    }
  }
}
