import CKernels
import ModelGraph

extension PlanBuilder {
  /// What every kind of convolution needs to know.
  struct Convolution {
    let node: Node
    let input: ValueID
    let output: ValueID
    let inputMap: MapExtents
    let outputMap: MapExtents
    /// [O, kh, kw, I/groups]
    let filter: Tensor
    let bias: Tensor?
    let kernel: Size2D
    let strides: Size2D
    let dilation: Size2D
    let insets: EdgeInsets
    let groups: Int
    let bounds: Bounds

    /// Input channels of one group.
    var groupInputs: Int { filter.extents[3] }
    var groupOutputs: Int { outputMap.channels / groups }
    var isPadded: Bool { insets != .zero }
    var isPointwise: Bool { groups == 1 && kernel == .one && strides == .one && !isPadded }
    /// Whether every channel has one filter of its own.
    var isDepthwise: Bool { groups > 1 && groups == inputMap.channels && groups == outputMap.channels }
    /// Whether the kernels for the first convolution of a network fit.
    var isStem: Bool {
      groups == 1 && kernel == Size2D(3) && inputMap.channels == 3 && dilation == .one
        && (strides == .one || strides == Size2D(2))
    }
    /// Rows and columns of the padded input.
    var paddedHeight: Int { inputMap.height + insets.top + insets.bottom }
    var paddedWidth: Int { inputMap.width + insets.left + insets.right }
    var depth: Int { kernel.height * kernel.width * groupInputs }
  }

  mutating func lower(_ op: Conv2D, _ node: Node) throws(ModelError) {
    let convolution = try describe(op, node)
    if convolution.groups > 1, convolution.groupInputs == 1, convolution.groups == convolution.inputMap.channels {
      try lowerDepthwise(convolution)
    } else if convolution.groups > 1 {
      try lowerGrouped(convolution)
    } else if convolution.isPointwise {
      try lowerPointwise(convolution)
    } else if convolution.isStem {
      try lowerStem(convolution)
    } else {
      try lowerDense(convolution)
    }
  }

  /// - Parameter hasBias: whether the third input is a bias, where there is one.
  func describe(_ op: Conv2D, _ node: Node, hasBias: Bool = true) throws(ModelError) -> Convolution {
    try expectChannelsLast(op.layout)
    let (input, output) = (try input(node, 0), try output(node))
    let filter = try op.filterLayout.canonical(try constantTensor(node, 1, "a filter"), groups: op.groups)
    let inputMap = try MapExtents(try extents(input))
    let outputMap = try MapExtents(try extents(output))
    let kernel = Size2D(height: filter.extents[1], width: filter.extents[2])
    let insets = op.padding.insets(
      height: inputMap.height, width: inputMap.width, kernel: kernel, strides: op.strides, dilation: op.dilation)
    guard op.groups >= 1, filter.extents[3] * op.groups == inputMap.channels, outputMap.channels % op.groups == 0 else {
      throw ModelError(.internalFault, "a filter \(filter.type) does not fit a map of \(inputMap.channels) channels")
    }
    return Convolution(
      node: node, input: input, output: output, inputMap: inputMap, outputMap: outputMap, filter: filter,
      bias: hasBias ? try optionalConstant(node, 2, "a bias") : nil, kernel: kernel, strides: op.strides,
      dilation: op.dilation,
      insets: insets, groups: op.groups, bounds: Bounds(op.outputClamp))
  }

  /// A group's weights in panels.
  private mutating func panels(
    _ convolution: Convolution, width: Int32, group: Int = 0
  ) throws(ModelError) -> BufferID {
    let outputs = convolution.groupOutputs, depth = convolution.depth
    return try packedPanels(
      .panels(convolution.node.id, width: Int(width), group: group), weights: convolution.filter,
      weightOffset: group * outputs * depth, bias: convolution.bias, biasOffset: group * outputs, outputs: outputs,
      depth: depth, width: Int(width))
  }

  /// Weights [outputs][depth] and a bias, packed into panels.
  mutating func packedPanels(
    _ form: ConstantCache.Key.Form, weights: Tensor, weightOffset: Int = 0, bias: Tensor?, biasOffset: Int = 0,
    outputs: Int, depth: Int, width: Int
  ) throws(ModelError) -> BufferID {
    try packedConstant(form, floats: (outputs + 7) / 8 * 8 * (depth + 1)) { (target) throws(ModelError) in
      try weights.withFloat32 { (source) throws(ModelError) in
        let start = source + weightOffset * 4
        guard let bias else {
          ferry_f32_pack_panels(start, nil, outputs, depth, width, target)
          return
        }
        try bias.withFloat32 { ferry_f32_pack_panels(start, $0 + biasOffset * 4, outputs, depth, width, target) }
      }
    }
  }

  /// The packed form of a 1×1 convolution.
  mutating func pointwiseLayer(_ convolution: Convolution, bounds: Bounds) throws(ModelError) -> PointwiseLayer {
    let kernel =
      if let skipping = kernels.pointwiseSkippingZeroes(), try mayBeSparse(convolution) { skipping } else {
        try kernels.pointwise()
      }
    return PointwiseLayer(
      kernel: kernel, weights: try panels(convolution, width: kernel.traits.panel),
      inputChannels: convolution.inputMap.channels, outputChannels: convolution.outputMap.channels, bounds: bounds)
  }

  /// Whether zeroes in the input are likely and leaving them out pays and changes nothing: about half of what a clamp at
  /// zero lets through is zero; a weight that is not finite makes something else of it. Every two pixels read all weights of
  /// a panel, which the second-level cache has to hold.
  private func mayBeSparse(_ convolution: Convolution) throws(ModelError) -> Bool {
    let (inputs, outputs) = (convolution.inputMap.channels, convolution.outputMap.channels)
    guard let kernel = kernels.pointwiseSkippingZeroes(), isRectified(convolution.input), inputs >= 96, outputs >= 32,
      convolution.inputMap.pixels >= 16,
      inputs * min(outputs, Int(kernel.traits.panel)) * MemoryLayout<Float>.stride <= CacheSizes.machine.second / 4 * 3
    else { return false }
    return try convolution.filter.withFloat32 { ferry_f32_all_finite($0, convolution.filter.elementCount) }
  }

  /// Whether a value was clamped at zero.
  private func isRectified(_ value: ValueID) -> Bool {
    switch graph.producer(of: value)?.op {
    case .conv2D(let op): op.outputClamp.lower == 0
    case .binary(let op): op.outputClamp.lower == 0
    case .clamp(let op): op.range.lower == 0
    default: false
    }
  }

  private mutating func lowerPointwise(_ convolution: Convolution) throws(ModelError) {
    let layer = try pointwiseLayer(convolution, bounds: convolution.bounds)
    let source = try blocked(convolution.input)
    let target = try newBlocked(convolution.output)
    let step = PointwiseStep(
      layer: layer, input: source, output: target, inputMap: convolution.inputMap, outputMap: convolution.outputMap,
      lanes: lanes)
    emit(step, source, layer.weights, target)
  }

  /// The packed form of a 3×3 convolution of a three-channel image, which is read where it lies: the caller's own layout,
  /// blocks, or rows of pixels.
  mutating func stemLayer(_ convolution: Convolution) throws(ModelError) -> StemLayer {
    let stride = convolution.strides.height
    let kernel = try kernels.stem(stride: stride)
    let weights = try panels(convolution, width: kernel.traits.panel)
    let map = convolution.inputMap
    let held = places(convolution.input)
    let source: BufferID
    let strides: [Int]
    if let external = held.external, external.strides.count == 4 {
      (source, strides) = (external.buffer, external.strides)
    } else if let blocked = held.blocked {
      (source, strides) = (blocked, [map.imageStride, map.width * 8, 8, 1])
    } else {
      (source, strides) = (try plain(convolution.input), rowMajorStrides([map.batch, map.height, map.width, 3]))
    }
    return StemLayer(
      kernel: kernel, input: source, inputStrides: StemLayer.Strides(strides), weights: weights, inputMap: map,
      outputMap: convolution.outputMap, stride: stride, insets: convolution.insets, bounds: convolution.bounds)
  }

  private mutating func lowerStem(_ convolution: Convolution) throws(ModelError) {
    let layer = try stemLayer(convolution)
    let target = try newBlocked(convolution.output)
    let scratch = buffer(floats: lanes * layer.scratchFloats)
    emit(
      StemStep(layer: layer, scratch: scratch, output: target, lanes: lanes), layer.input, layer.weights, scratch,
      target)
  }

  private mutating func lowerDense(_ convolution: Convolution) throws(ModelError) {
    let kernel = try kernels.convolution()
    let weights = try panels(convolution, width: kernel.traits.panel)
    let source = try padded(convolution)
    let target = try newBlocked(convolution.output)
    let step = ConvolutionStep(
      kernel: kernel, input: source, weights: weights, output: target,
      inputMap: try convolution.inputMap.with(height: convolution.paddedHeight, width: convolution.paddedWidth),
      outputMap: convolution.outputMap, window: ConvolutionStep.Window(convolution), bounds: convolution.bounds,
      lanes: lanes)
    emit(step, source, weights, target)
  }

  /// The input with its border of zeroes.
  private mutating func padded(_ convolution: Convolution) throws(ModelError) -> BufferID {
    let source = try blocked(convolution.input)
    guard convolution.isPadded else { return source }
    let map = try convolution.inputMap.with(height: convolution.paddedHeight, width: convolution.paddedWidth)
    let result = buffer(floats: try map.floats())
    let step = PadStep(
      input: source, output: result, inputMap: convolution.inputMap, outputMap: map, top: convolution.insets.top,
      left: convolution.insets.left, value: 0, lanes: lanes)
    emit(step, source, result)
    return result
  }

  /// Group by group: its channels are gathered into blocks of their own, convolved, and put where they belong.
  private mutating func lowerGrouped(_ convolution: Convolution) throws(ModelError) {
    let kernel = try kernels.convolution()
    let source = try padded(convolution)
    let target = try newBlocked(convolution.output)
    let whole = try convolution.inputMap.with(height: convolution.paddedHeight, width: convolution.paddedWidth)
    let groupInput = try whole.with(channels: convolution.groupInputs)
    let groupOutput = try convolution.outputMap.with(channels: convolution.groupOutputs)
    for group in 0..<convolution.groups {
      let weights = try panels(convolution, width: kernel.traits.panel, group: group)
      let gathered = buffer(floats: try groupInput.floats())
      let convolved = buffer(floats: try groupOutput.floats())
      emit(
        CopyChannelsStep(
          input: source, inputMap: whole, inputChannel: group * convolution.groupInputs, output: gathered,
          outputMap: groupInput, outputChannel: 0, channels: convolution.groupInputs, lanes: lanes), source, gathered)
      emit(
        ConvolutionStep(
          kernel: kernel, input: gathered, weights: weights, output: convolved, inputMap: groupInput,
          outputMap: groupOutput, window: ConvolutionStep.Window(convolution), bounds: convolution.bounds, lanes: lanes),
        gathered, weights, convolved)
      emit(
        CopyChannelsStep(
          input: convolved, inputMap: groupOutput, inputChannel: 0, output: target, outputMap: convolution.outputMap,
          outputChannel: group * convolution.groupOutputs, channels: convolution.groupOutputs, lanes: lanes), convolved,
        target)
    }
  }

  /// The packed form of a depthwise convolution, its input channels repeated where several filters share one.
  mutating func depthwiseLayer(_ convolution: Convolution) throws(ModelError) -> DepthwiseLayer {
    let kernel = try kernels.depthwise(
      kernel: convolution.kernel, strides: convolution.strides, dilation: convolution.dilation)
    let channels = convolution.outputMap.channels, taps = convolution.kernel.height * convolution.kernel.width
    let (filter, bias) = (convolution.filter, convolution.bias)
    let weights = try packedConstant(
      .depthwise(convolution.node.id), floats: (channels + 7) / 8 * 8 * (taps + 1)
    ) { (target) throws(ModelError) in
      try filter.withFloat32 { (filter) throws(ModelError) in
        guard let bias else {
          ferry_f32_pack_depthwise(filter, nil, channels, taps, target)
          return
        }
        try bias.withFloat32 { ferry_f32_pack_depthwise(filter, $0, channels, taps, target) }
      }
    }
    return DepthwiseLayer(
      kernel: kernel, weights: weights, inputHeight: convolution.inputMap.height,
      inputWidth: convolution.inputMap.width, outputWidth: convolution.outputMap.width,
      window: ConvolutionStep.Window(convolution), top: convolution.insets.top, left: convolution.insets.left,
      bounds: convolution.bounds)
  }

  private mutating func lowerDepthwise(_ convolution: Convolution) throws(ModelError) {
    let layer = try depthwiseLayer(convolution)
    let channels = convolution.outputMap.channels
    var source = try blocked(convolution.input)
    let inputMap = try convolution.inputMap.with(channels: channels)
    let multiplier = convolution.groupOutputs
    if multiplier > 1 {
      // Each input channel serves `multiplier` outputs in a row: repeat it, then go on as with one each.
      let repeated = buffer(floats: try inputMap.floats())
      emit(
        CopyChannelsStep(
          input: source, inputMap: convolution.inputMap, inputChannel: 0, output: repeated, outputMap: inputMap,
          outputChannel: 0, channels: channels, repeats: multiplier, lanes: lanes), source, repeated)
      source = repeated
    }
    let target = try newBlocked(convolution.output)
    let step = DepthwiseStep(
      layer: layer, input: source, output: target, inputMap: inputMap, outputMap: convolution.outputMap, lanes: lanes)
    emit(step, source, layer.weights, target)
  }
}

extension ConvolutionStep.Window {
  init(_ convolution: PlanBuilder.Convolution) {
    self.init(kernel: convolution.kernel, strides: convolution.strides, dilation: convolution.dilation)
  }
}
