import ModelGraph

/// The rules that look at more than one block.
extension MobileNetV2Rules {
  /// Channels that the width does not give; a run of blocks that only pass a wrong count on is reported once.
  mutating func inspectChannels() {
    guard let width = structure.width?.nominal else { return }
    let rounding = structure.rounding
    if rounding == .cut {
      report(
        .note, "unrounded-channels", "channel counts are cut to integers, not rounded to multiples of eight", [])
    }
    if let stem = structure.stem, stem.outputChannels != rounding.stemChannels(width: width) {
      reportChannels(stem, "stem", expected: rounding.stemChannels(width: width))
    }
    let bases = MobileNetV2.stages.flatMap { stage in [Int](repeating: stage.channels, count: stage.blocks) }
    for (block, base) in zip(structure.blocks, bases) {
      let expected = rounding.channels(base, width: width)
      guard block.outputChannels != expected else { continue }
      // With a skip, the count is the input's: the block that changed it is the one to name.
      if block.index > 0, bases[block.index - 1] == base,
        structure.blocks[block.index - 1].outputChannels == block.outputChannels
      {
        continue
      }
      reportChannels(block.project, "block_\(block.index) project", expected: expected)
    }
    guard let last = structure.head?.last else { return }
    let full = width > 1 ? MobileNetV2.rounded(1280 * width) : 1280
    guard last.outputChannels != full else { return }
    if last.outputChannels == MobileNetV2.rounded(1280 * width) {
      report(
        .note, "scaled-last-convolution",
        "the last convolution has \(last.outputChannels) channels: scaled with the width, where published models keep 1280",
        last.nodes)
    } else {
      reportChannels(last, "last convolution", expected: full)
    }
  }

  private mutating func reportChannels(_ layer: ConvolutionLayer, _ name: String, expected: Int) {
    report(
      .error, "off-grid-channels",
      "\(name): expected \(expected) channels, found \(layer.outputChannels)", layer.nodes,
      fix: "use \(expected) channels, as width \(structure.width?.description ?? "") gives")
  }

  /// Strides that are not the stage's. A backbone may trade strides for dilation: then later blocks are dilated instead.
  mutating func inspectStrides() {
    if let stem = structure.stem, stem.strides != Size2D(2) {
      report(
        .error, "wrong-stride", "stem: expected stride 2, found \(stem.strides)", stem.nodes, fix: "use stride 2")
    }
    var owed = 1
    for (block, expected) in zip(structure.blocks, Self.expected) {
      let name = "block_\(block.index) depthwise"
      let isTraded = expected.stride == 2 && block.stride == 1 && isDilated(behind: block.index)
      if isTraded {
        owed *= 2
      } else if block.depthwise.strides != Size2D(expected.stride) {
        report(
          .error, "wrong-stride", "\(name): expected stride \(expected.stride), found \(block.depthwise.strides)",
          block.depthwise.nodes, fix: "use stride \(expected.stride)")
      }
      // The block that gives up its stride still reads the undilated grid.
      let rates = isTraded ? [owed / 2, owed] : [owed]
      if !rates.contains(block.dilation) || block.depthwise.dilation.width != block.dilation {
        report(
          .error, "wrong-dilation",
          "\(name): expected dilation \(rates[0]), found \(block.depthwise.dilation)", block.depthwise.nodes,
          fix: "use dilation \(rates[0])")
      }
    }
    if owed > 1 {
      report(
        .note, "dilated-backbone",
        "strides are traded for dilation: the backbone's output stride is \(32 / owed) instead of 32", [])
    }
  }

  private func isDilated(behind index: Int) -> Bool {
    structure.blocks.dropFirst(index).contains { $0.dilation > 1 }
  }

  mutating func inspectHead() {
    guard let head = structure.head else { return }
    if let last = head.last {
      inspectHeadActivation(last)
    } else {
      report(.note, "backbone", "no 1×1 convolution to 1280 channels stands behind the last block", [])
    }
    guard head.pooling != nil else {
      report(.note, "no-classifier", "the network ends in a feature map or in other heads", [])
      return
    }
    guard let classes = head.classes else {
      report(.note, "no-classifier", "the network ends in an embedding", head.pooling.map { [$0] } ?? [])
      return
    }
    if head.dense.count > 1 || ![1000, 1001].contains(classes) {
      let layers = head.dense.count == 1 ? "one dense layer" : "\(head.dense.count) dense layers"
      report(.note, "head-replaced", "the classifier is not ImageNet's: \(layers), \(classes) classes", head.dense)
    }
  }

  private mutating func inspectHeadActivation(_ last: ConvolutionLayer) {
    guard !last.activation.isReLU6 else { return }
    let isReLU = last.activation == .relu
    report(
      isReLU ? .warning : .error, isReLU ? "relu-instead-of-relu6" : "missing-activation",
      "last convolution: expected ReLU6, found \(last.activation)", last.nodes, fix: "clamp the output to 0…6")
  }

  private var namedLayers: [(layer: ConvolutionLayer, name: String)] {
    var layers: [(ConvolutionLayer, String)] = structure.stem.map { [($0, "stem")] } ?? []
    for block in structure.blocks {
      let name = "block_\(block.index)"
      if let expand = block.expand { layers.append((expand, "\(name) expand")) }
      layers.append((block.depthwise, "\(name) depthwise"))
      layers.append((block.project, "\(name) project"))
    }
    if let last = structure.head?.last { layers.append((last, "last convolution")) }
    return layers
  }

  /// Batch norms that are missing where the others are there, or have another ε.
  mutating func inspectBatchNorms() {
    let layers = namedLayers
    let normalized = layers.filter { $0.layer.batchNorm != nil }
    guard normalized.count * 2 > layers.count else { return }
    for (layer, name) in layers where layer.batchNorm == nil {
      report(
        .warning, "missing-batch-norm", "\(name): expected a batch norm as behind the other convolutions, found none",
        layer.nodes, fix: "normalize the output, or fold all batch norms")
    }
    var counts: [Float: Int] = [:]
    for (layer, _) in normalized { counts[layer.batchNormEpsilon ?? 0, default: 0] += 1 }
    guard let usual = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key else { return }
    for (layer, name) in normalized {
      guard let epsilon = layer.batchNormEpsilon, epsilon != usual else { continue }
      report(
        .warning, "other-epsilon", "\(name): expected epsilon \(usual) as in the other batch norms, found \(epsilon)",
        layer.nodes, fix: "use epsilon \(usual)")
    }
  }

  /// Paddings that no variant has together.
  mutating func inspectPaddings() {
    let spatial = namedLayers.filter { $0.layer.kernel == Size2D(3) }
    let majority = PaddingFamily.majority(of: spatial.map(\.layer))
    for (layer, name) in spatial {
      if let family = PaddingFamily(of: layer) {
        guard family != majority, let majority, let padding = layer.padding else { continue }
        let expected = majority == .symmetric ? "[1, 1, 1, 1]" : "[0, 0, 1, 1]"
        reportPadding(layer, name, expected: expected, found: padding)
      } else if layer.strides == .one, let padding = layer.padding {
        let reach = layer.dilation
        let expected = EdgeInsets(
          top: reach.height, left: reach.width, bottom: reach.height, right: reach.width)
        if padding != expected { reportPadding(layer, name, expected: expected.description, found: padding) }
      }
    }
  }

  private mutating func reportPadding(
    _ layer: ConvolutionLayer, _ name: String, expected: String, found: EdgeInsets
  ) {
    report(
      .error, "wrong-padding", "\(name): expected padding \(expected) (top, left, bottom, right), found \(found)",
      layer.nodes, fix: "pad as the other convolutions do")
  }

  /// Output channels that say nothing: every weight zero, or a γ that hides them.
  mutating func inspectDeadChannels() {
    for (layer, name) in namedLayers {
      let node = graph[layer.node]
      guard case .conv2D(let conv) = node.op, let filter = graph.constant(node, 1),
        let dead = DeadChannels(filter: filter, conv: conv, gamma: gamma(of: layer)), dead.count > 0
      else { continue }
      report(
        .note, "dead-channels", "\(name): \(dead.count) of \(layer.outputChannels) output channels are dead",
        layer.nodes, fix: "prune them, or train on")
    }
  }

  private func gamma(of layer: ConvolutionLayer) -> Tensor? {
    layer.batchNorm.flatMap { graph.constant(graph[$0], 1) }
  }
}
