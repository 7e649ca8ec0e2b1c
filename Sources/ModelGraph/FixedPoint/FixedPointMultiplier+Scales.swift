extension FixedPointMultiplier {
  /// From counts of one scale to counts of another: s₁ / s₂, the quotient taken in float64.
  ///
  /// Source: LiteRT's QUANTIZE, MEAN.
  public init(from input: TensorType, to output: TensorType) throws(ModelError) {
    try self.init(Double(try input.scale()) / Double(try output.scale()))
  }

  /// One factor a channel, from sums of products of counts to counts of the output: sₓ · s_w / s_y in float64.
  ///
  /// The scales of uint8 maps are multiplied in float32 first.
  /// Source: `PopulateConvolutionQuantizationParams` in LiteRT's kernel_util.cc.
  public static func convolution(
    input: TensorType, filter: TensorType, output: TensorType, channels: Int
  ) throws(ModelError) -> [FixedPointMultiplier] {
    if input.elementType == .uint8 {
      let factor = try FixedPointMultiplier(
        Double(try input.scale() * filter.scale()) / Double(try output.scale()))
      return [FixedPointMultiplier](repeating: factor, count: channels)
    }
    let scales = filter.quantization?.scales ?? []
    guard scales.count == 1 || scales.count == channels, filter.quantization?.isBlocked == false else {
      throw ModelError(.unsupported, "\(scales.count) scales for \(channels) output channels")
    }
    let inputScale = Double(try input.scale())
    let outputScale = Double(try output.scale())
    var factors: [FixedPointMultiplier] = []
    for channel in 0..<channels {
      let scale = Double(scales.count == 1 ? scales[0] : scales[channel])
      factors.append(try FixedPointMultiplier(inputScale * scale / outputScale))
    }
    return factors
  }
}

extension TensorType {
  /// The one scale of a tensor of counts.
  ///
  /// - Throws: `.unsupported` for a tensor without one scale for all of its elements, or with a scale that is not a positive
  ///   number.
  public func scale() throws(ModelError) -> Float { try perTensorQuantization().scale }

  /// The count that stands for zero.
  ///
  /// - Throws: as ``scale()``.
  public func zeroPoint() throws(ModelError) -> Int32 { try perTensorQuantization().zeroPoint }

  private func perTensorQuantization() throws(ModelError) -> (scale: Float, zeroPoint: Int32) {
    guard case .perTensor(let scale, let zeroPoint)? = quantization else {
      throw ModelError(.unsupported, "a tensor of type \(self) where one scale for all elements is needed")
    }
    guard scale > 0, scale.isFinite else { throw ModelError(.unsupported, "a quantization scale of \(scale)") }
    return (scale, zeroPoint)
  }
}

extension Quantization {
  var isBlocked: Bool { if case .blocked = self { true } else { false } }
}
