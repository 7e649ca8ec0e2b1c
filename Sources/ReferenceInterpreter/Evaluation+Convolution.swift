import ModelGraph

extension Evaluation {
  /// y[n, p, q, o] = clamp(b[o] + Σᵢⱼ꜀ x[n, p·sh + i·dh − top, q·sw + j·dw − left, g·I/G + c] · w[o, i, j, c]); positions outside
  /// the map are zero.
  ///
  /// Source: ONNX Conv; TensorFlow `tf.nn.conv2d`, `tf.nn.depthwise_conv2d`.
  func convolution(_ op: Conv2D) throws(ModelError) -> [Tensor] {
    let x = try channelsLast(0, op.layout)
    let filter = try canonicalFilter(op, channels: x.extents[3])
    let outputChannels = filter.extents[0]
    let groupInputs = filter.extents[3]
    let extents = try channelsLastExtents(op.layout)
    let taps = ConvolutionTaps(op, input: x.extents, output: extents, filter: filter.extents)
    let map = try realElements(x)
    let weights = ConvolutionTaps.outputsInnermost(try realElements(filter), filter.extents, groups: op.groups)
    let groupOutputs = outputChannels / op.groups
    let channels = x.extents[3]
    var y = try startingFromBias(2, channels: outputChannels, count: try Self.product(extents))

    map.withUnsafeBufferPointer { map in
      weights.withUnsafeBufferPointer { weights in
        y.withUnsafeMutableBufferPointer { y in
          guard let map = map.baseAddress, let weights = weights.baseAddress, let y = y.baseAddress else { return }
          taps.forEach { pixel, source, tap in
            let sums = y + pixel * outputChannels
            let values = map + source * channels
            let factors = weights + tap * groupInputs * outputChannels
            if groupInputs == 1 {
              Self.addDepthwise(values, factors, to: sums, channels: channels, multiplier: groupOutputs)
            } else {
              for g in 0..<op.groups {
                Self.addDense(
                  values + g * groupInputs, factors + g * groupInputs * groupOutputs, to: sums + g * groupOutputs,
                  inputs: groupInputs, outputs: groupOutputs)
              }
            }
          }
        }
      }
    }
    return try result(y, layout: op.layout, clamp: op.outputClamp)
  }

  /// The filter as [O, kh, kw, I/G], 4-bit counts in bytes.
  ///
  /// - Throws: `.malformed` when it does not read a map of `channels`.
  func canonicalFilter(_ op: Conv2D, channels: Int) throws(ModelError) -> Tensor {
    let filter = try op.filterLayout.canonical(try input(1).widened(), groups: op.groups)
    guard filter.extents[3] * op.groups == channels, filter.extents[0] % op.groups == 0 else {
      throw ModelError(
        .malformed,
        "a filter of shape \(filter.type.shape) in \(op.groups) groups for a map of \(channels) channels")
    }
    return filter
  }

  /// sums[o] += Σ꜀ x[c] · w[c, o].
  @inline(__always)
  static func addDense(
    _ x: UnsafePointer<Double>, _ weights: UnsafePointer<Double>, to sums: UnsafeMutablePointer<Double>, inputs: Int,
    outputs: Int
  ) {
    for c in 0..<inputs {
      let factor = x[c]
      let row = weights + c &* outputs
      for o in 0..<outputs { sums[o] += factor * row[o] }
    }
  }

  /// sums[c·M + m] += x[c] · w[c·M + m].
  @inline(__always)
  private static func addDepthwise(
    _ x: UnsafePointer<Double>, _ weights: UnsafePointer<Double>, to sums: UnsafeMutablePointer<Double>, channels: Int,
    multiplier: Int
  ) {
    if multiplier == 1 {
      for c in 0..<channels { sums[c] += x[c] * weights[c] }
    } else {
      for c in 0..<channels {
        for m in 0..<multiplier { sums[c &* multiplier &+ m] += x[c] * weights[c &* multiplier &+ m] }
      }
    }
  }

  /// A map as [N, H, W, C].
  func channelsLast(_ index: Int, _ layout: Layout) throws(ModelError) -> Tensor {
    let x = try input(index)
    return layout == .channelsLast ? x : try x.transposed(Layout.firstToLast)
  }

  /// The extents of the result as [N, H, W, C].
  func channelsLastExtents(_ layout: Layout) throws(ModelError) -> [Int] {
    let extents = try outputExtents()
    guard extents.count == 4 else { throw ModelError(.internalFault, "a map with \(extents.count) axes") }
    return layout == .channelsLast ? extents : Layout.firstToLast.map { extents[$0] }
  }

  /// The result of an operator on maps, computed as [N, H, W, C].
  func result(_ y: [Double], layout: Layout, clamp: ClampRange) throws(ModelError) -> [Tensor] {
    guard layout == .channelsFirst else { return try result(y, clamp: clamp) }
    let type = try outputType()
    let values = clamp.isUnbounded ? y : y.map(clamp.applied)
    let map = try Tensor(rounding: values, type: type.permuted(by: Layout.firstToLast))
    return [try map.transposed(Layout.lastToFirst)]
  }

  /// The elements of a tensor that must be real-valued.
  func realElements(_ tensor: Tensor) throws(ModelError) -> [Double] {
    guard tensor.elementType.isFloatingPoint else {
      throw ModelError(.unsupported, "the operator is not defined for \(tensor.elementType.name) elements")
    }
    return try tensor.doubles()
  }

  /// `count` sums over an innermost axis of `channels`, each starting from its channel's bias, or from zero without one.
  func startingFromBias(_ index: Int, channels: Int, count: Int) throws(ModelError) -> [Double] {
    guard let bias = try optionalReals(index), channels > 0 else { return [Double](repeating: 0, count: count) }
    guard bias.count == channels else {
      throw ModelError(.malformed, "the bias has \(bias.count) elements, expected \(channels)")
    }
    var sums: [Double] = []
    sums.reserveCapacity(count)
    for _ in 0..<(count / channels) { sums += bias }
    return sums
  }
}
