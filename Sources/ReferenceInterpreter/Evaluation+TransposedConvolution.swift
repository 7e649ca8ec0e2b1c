import ModelGraph

extension Evaluation {
  /// y[n, p·sh + i·dh − top, q·sw + j·dw − left, o] += x[n, p, q, c] · w[c, i, j, o] for every input element and tap, on top of the
  /// bias; c and o of the same group; what falls outside the result is dropped.
  ///
  /// Source: ONNX ConvTranspose; TensorFlow `tf.nn.conv2d_transpose`.
  func transposedConvolution(_ op: ConvTranspose2D) throws(ModelError) -> [Tensor] {
    let x = try channelsLast(0, op.layout)
    let extents = try channelsLastExtents(op.layout)
    let filter = try inputsOutermost(try input(1), op)
    let kernel = Size2D(height: filter.extents[1], width: filter.extents[2])
    let channels = x.extents[3]
    let outputChannels = extents[3]
    let groupInputs = channels / op.groups
    let groupOutputs = outputChannels / op.groups
    guard filter.extents == [channels, kernel.height, kernel.width, groupOutputs], groupInputs * op.groups == channels
    else {
      throw ModelError(.malformed, "a filter of shape \(filter.type.shape) for a map of \(channels) channels")
    }
    let map = try realElements(x)
    let weights = try realElements(filter)
    var y = try startingFromBias(2, channels: outputChannels, count: try Self.product(extents))
    let taps = kernel.height * kernel.width

    map.withUnsafeBufferPointer { map in
      weights.withUnsafeBufferPointer { weights in
        y.withUnsafeMutableBufferPointer { y in
          guard let map = map.baseAddress, let weights = weights.baseAddress, let y = y.baseAddress else { return }
          for n in 0..<x.extents[0] {
            for p in 0..<x.extents[1] {
              for q in 0..<x.extents[2] {
                let pixel = map + ((n * x.extents[1] + p) * x.extents[2] + q) * channels
                for i in 0..<kernel.height {
                  let row = p * op.strides.height + i * op.dilation.height - op.cropping.top
                  guard (0..<extents[1]).contains(row) else { continue }
                  for j in 0..<kernel.width {
                    let column = q * op.strides.width + j * op.dilation.width - op.cropping.left
                    guard (0..<extents[2]).contains(column) else { continue }
                    let target = y + ((n * extents[1] + row) * extents[2] + column) * outputChannels
                    for c in 0..<channels {
                      let sums = target + c / groupInputs * groupOutputs
                      let tap = weights + (c * taps + i * kernel.width + j) * groupOutputs
                      for o in 0..<groupOutputs { sums[o] += pixel[c] * tap[o] }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    return try result(y, layout: op.layout, clamp: op.outputClamp)
  }

  /// The filter as [I, kh, kw, O/G].
  private func inputsOutermost(_ filter: Tensor, _ op: ConvTranspose2D) throws(ModelError) -> Tensor {
    if op.filterLayout == .inputOutputHeightWidth { return try filter.transposed([0, 2, 3, 1]) }
    // [O, kh, kw, I/G]: the group is the outer part of O here and becomes the outer part of I.
    let canonical = try op.filterLayout.canonical(filter, groups: op.groups)
    let extents = canonical.extents
    guard extents[0] % op.groups == 0 else {
      throw ModelError(.malformed, "\(extents[0]) output channels do not divide into \(op.groups) groups")
    }
    let grouped = try canonical.reshaped(to: [op.groups, extents[0] / op.groups] + extents[1...])
    return try grouped.transposed([0, 4, 2, 3, 1])
      .reshaped(to: [op.groups * extents[3], extents[1], extents[2], extents[0] / op.groups])
  }
}
