import ModelGraph

/// Operators that move elements of any type, counts included, without computing with them.
extension Evaluation {
  /// The same elements in the same order: Reshape, Flatten, Squeeze, Unsqueeze, Identity.
  func reshape() throws(ModelError) -> [Tensor] { [try arranged(try input(0).reshaped(to: try outputExtents()))] }

  /// result[i₀, i₁, …] = x[j₀, j₁, …] with j₍permutation[a]₎ = iₐ. Source: ONNX Transpose; `numpy.transpose`.
  func transpose(_ op: Transpose) throws(ModelError) -> [Tensor] {
    [try arranged(try input(0).transposed(op.permutation))]
  }

  /// The parts one behind the other along an axis. Source: ONNX Concat; TensorFlow Lite CONCATENATION.
  func concat(_ op: Concat) throws(ModelError) -> [Tensor] {
    let extents = try outputExtents()
    let type = try outputType()
    let outer = try Self.product(extents[..<op.axis])
    // Each part as bytes [outer, everything from the axis on]: rows of bytes follow one another.
    guard let bitWidth = type.elementType.bitWidth, bitWidth >= 8,
      let byteCount = type.elementType.byteCount(
        elementCount: try Self.product(extents))
    else { throw ModelError(.unsupported, "a concatenation of \(type.elementType.name) elements") }
    let rowBytes = byteCount / outer
    let storage = try OwnedStorage(byteCount: byteCount) { (target) throws(ModelError) in
      var offset = 0
      for index in inputs.indices {
        let part = try input(index)
        try part.withUnsafeBytes { (source) throws(ModelError) in
          let partBytes = source.count / outer
          for row in 0..<outer {
            let piece = UnsafeRawBufferPointer(rebasing: source[(row * partBytes)..<((row + 1) * partBytes)])
            guard offset + partBytes <= rowBytes else {
              throw ModelError(.internalFault, "parts do not add up to \(type)")
            }
            UnsafeMutableRawBufferPointer(rebasing: target[(row * rowBytes + offset)...]).copyMemory(from: piece)
          }
          offset += partBytes
        }
      }
    }
    let joined = try Tensor(type: type, storage: storage, range: 0..<byteCount)
    guard !op.outputClamp.isUnbounded else { return [joined] }
    let whole = Evaluation(inputs: [joined], outputTypes: outputTypes, arithmetic: arithmetic)
    return try whole.clamp(Clamp(op.outputClamp))
  }

  /// The parts of an axis, in order. Source: ONNX Split; TensorFlow Lite SPLIT and SPLIT_V.
  func split(_ op: Split) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    var parts: [Tensor] = []
    var start = 0
    for (extent, type) in zip(op.extents, outputTypes) {
      var tables = x.extents.map { Array(0..<$0) }
      tables[op.axis] = Array(start..<(start + extent))
      parts.append(try x.picked(tables, type: type))
      start += extent
    }
    return parts
  }

  /// Elements start, start + step, … of each listed axis. Source: ONNX Slice; `numpy` basic slicing.
  func slice(_ op: Slice) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    var tables = x.extents.map { Array(0..<$0) }
    for (position, axis) in op.axes.enumerated() {
      let (first, step, count) = op.elements(position, extent: x.extents[axis])
      tables[axis] = (0..<count).map { first + $0 * step }
    }
    return [try x.picked(tables, type: try outputType())]
  }

  /// result[…, i…, …] = x[…, indices[i…], …]; a negative index counts from the end of the axis. Source: ONNX Gather.
  func gather(_ op: Gather) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    let extent = x.extents[op.axis]
    var picks: [Int] = []
    for index in try input(1).integers() {
      guard index >= -extent, index < extent else {
        throw ModelError(.malformed, "the index \(index) lies outside an axis of \(extent) elements")
      }
      picks.append(index < 0 ? index + extent : index)
    }
    let outer = try Self.product(x.extents[..<op.axis])
    let inner = try Self.product(x.extents[(op.axis + 1)...])
    let rows = try x.reshaped(to: [outer, extent, inner]).picked(
      [Array(0..<outer), picks, Array(0..<inner)], type: x.type.with(shape: Shape([outer, picks.count, inner])))
    return [try arranged(try rows.reshaped(to: try outputExtents()))]
  }

  /// x stretched to the output's shape. Source: ONNX Expand; TensorFlow Lite BROADCAST_TO.
  func expand() throws(ModelError) -> [Tensor] { [try arranged(try input(0).broadcast(to: try outputExtents()))] }

  /// result[i] = x[i mod extent] on each axis. Source: ONNX Tile; `numpy.tile`.
  func tile(_ op: Tile) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    let tables = zip(try outputExtents(), x.extents).map { count, extent in (0..<count).map { $0 % extent } }
    return [try x.picked(tables, type: try outputType())]
  }

  /// Elements around x: a constant, or x mirrored or continued; a negative padding cuts off.
  ///
  /// Source: ONNX Pad; TensorFlow Lite PAD, PADV2, MIRROR_PAD.
  func pad(_ op: Pad) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    var tables: [[Int]] = []
    for (axis, extent) in x.extents.enumerated() {
      let positions = -op.before[axis]..<(extent + op.after[axis])
      if case .constant = op.mode {
        tables.append(positions.map { (0..<extent).contains($0) ? $0 : -1 })
        continue
      }
      guard extent > 0 else { throw ModelError(.malformed, "axis \(axis) has no element to repeat") }
      tables.append(
        positions.map { position in
          switch op.mode {
          case .constant, .edge: min(max(position, 0), extent - 1)
          case .reflect: position < 0 ? -position : position < extent ? position : 2 * extent - 2 - position
          case .symmetric: position < 0 ? -1 - position : position < extent ? position : 2 * extent - 1 - position
          }
        })
    }
    return [try x.picked(tables, type: try outputType(), fill: try padding(op.mode, x.type))]
  }

  /// The element that a constant padding adds.
  private func padding(_ mode: Pad.Mode, _ type: TensorType) throws(ModelError) -> Scalar {
    guard case .constant(let value) = mode else { return .integer(0) }
    if type.elementType.isFloatingPoint { return .floating(Double(value)) }
    guard let quantization = type.quantization else { return .integer(Int64(saturating: Double(value))) }
    guard case .perTensor(let scale, let zeroPoint) = quantization, let range = type.elementType.countRange else {
      throw ModelError(.unsupported, "a padding of \(type)")
    }
    let count = Int(saturating: (Double(value) / Double(scale)).rounded(.toNearestOrAwayFromZero))
      .addingReportingOverflow(
        Int(zeroPoint))
    return .integer(Int64(min(max(count.partialValue, range.lowerBound), range.upperBound)))
  }

  /// [N, Hb, Wb, C] → [N, H, W, (row · b + column) · C + c]. Source: ONNX SpaceToDepth; TensorFlow `tf.nn.space_to_depth`.
  func spaceToDepth(_ op: SpaceToDepth) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    let b = op.blockSize
    let (n, h, w) = (x.extents[0], x.extents[op.layout.heightAxis] / b, x.extents[op.layout.widthAxis] / b)
    let c = x.extents[op.layout.channelAxis]
    let blocks =
      op.layout == .channelsLast
      ? try x.reshaped(to: [n, h, b, w, b, c]).transposed([0, 1, 3, 2, 4, 5])
      : try x.reshaped(to: [n, c, h, b, w, b]).transposed([0, 3, 5, 1, 2, 4])
    return [try arranged(try blocks.reshaped(to: try outputExtents()))]
  }

  /// [N, H, W, b²C] → [N, Hb, Wb, C], input channel (row · b + column) · C + c or (c · b + row) · b + column.
  ///
  /// Source: ONNX DepthToSpace, modes DCR and CRD; TensorFlow `tf.nn.depth_to_space`.
  func depthToSpace(_ op: DepthToSpace) throws(ModelError) -> [Tensor] {
    let x = try input(0)
    let b = op.blockSize
    let (n, h, w) = (x.extents[0], x.extents[op.layout.heightAxis], x.extents[op.layout.widthAxis])
    let c = x.extents[op.layout.channelAxis] / (b * b)
    let blocks: Tensor
    switch (op.layout, op.order) {
    case (.channelsLast, .blockFirst):
      blocks = try x.reshaped(to: [n, h, w, b, b, c]).transposed([0, 1, 3, 2, 4, 5])
    case (.channelsLast, .channelFirst):
      blocks = try x.reshaped(to: [n, h, w, c, b, b]).transposed([0, 1, 4, 2, 5, 3])
    case (.channelsFirst, .blockFirst):
      blocks = try x.reshaped(to: [n, b, b, c, h, w]).transposed([0, 3, 4, 1, 5, 2])
    case (.channelsFirst, .channelFirst):
      blocks = try x.reshaped(to: [n, c, b, b, h, w]).transposed([0, 1, 4, 2, 5, 3])
    }
    return [try arranged(try blocks.reshaped(to: try outputExtents()))]
  }

  /// `tensor`, which has the output's shape, with the output's quantization.
  private func arranged(_ tensor: Tensor) throws(ModelError) -> Tensor {
    tensor.with(quantization: try outputType().quantization)
  }
}
