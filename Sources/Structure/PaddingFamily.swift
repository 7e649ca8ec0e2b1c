import ModelGraph

/// Where a strided 3×3 convolution over an even map puts its padding.
enum PaddingFamily: Hashable {
  /// One row and column on each side: PyTorch.
  case symmetric
  /// None in front, one behind: TensorFlow's SAME, Keras.
  case endHeavy
  case other

  /// The family of one layer; nil where both families pad alike: stride one, odd extents, sizes that are not known.
  init?(of layer: ConvolutionLayer) {
    guard layer.kernel == Size2D(3), layer.strides == Size2D(2) else { return nil }
    guard let padding = layer.padding else {
      self = .endHeavy  // SAME of an unknown size.
      return
    }
    if let size = layer.inputSize, size.height % 2 == 1 || size.width % 2 == 1 { return nil }
    switch padding {
    case EdgeInsets(top: 1, left: 1, bottom: 1, right: 1): self = .symmetric
    case EdgeInsets(top: 0, left: 0, bottom: 1, right: 1): self = .endHeavy
    default: self = .other
    }
  }

  /// The family that most of the layers follow; nil when none tells.
  static func majority(of layers: [ConvolutionLayer]) -> PaddingFamily? {
    var counts: [PaddingFamily: Int] = [:]
    for family in layers.compactMap(PaddingFamily.init) { counts[family, default: 0] += 1 }
    // Equal counts are decided in a fixed order, so that two runs say the same.
    return [.symmetric, .endHeavy, .other].filter { counts[$0] != nil }.max { counts[$0] ?? 0 < counts[$1] ?? 0 }
  }
}
