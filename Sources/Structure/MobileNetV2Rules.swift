import ModelGraph

/// The rules that a MobileNetV2 keeps, applied to what was found.
struct MobileNetV2Rules {
  let graph: Graph
  let structure: InvertedResidualStructure
  var findings: [Finding] = []

  init(graph: Graph, structure: InvertedResidualStructure) {
    self.graph = graph
    self.structure = structure
  }

  /// (expansion, stride) of the seventeen blocks.
  static let expected: [(expansion: Int, stride: Int)] = MobileNetV2.stages.flatMap { stage in
    (0..<stage.blocks).map { (stage.expansion, $0 == 0 ? stage.stride : 1) }
  }

  /// Whether the blocks are those of a MobileNetV2 but for single faults; says why when not.
  mutating func recognize() -> Bool {
    let blocks = structure.blocks
    var reasons: [(String, InvertedResidualBlock?)] = []
    if blocks.count != Self.expected.count {
      let count = blocks.isEmpty ? "no" : "\(blocks.count)"
      reasons.append(("found \(count) blocks of expansion, depthwise convolution and projection, expected 17", nil))
    }
    let withoutExpansion = blocks.dropFirst().filter { $0.expand == nil }
    if let first = withoutExpansion.first, withoutExpansion.count * 2 >= blocks.count {
      reasons.append(("\(withoutExpansion.count) blocks have no expansion", first))
    }
    let activated = blocks.filter { $0.project.activation != .none }
    if let first = activated.first, activated.count * 2 > blocks.count {
      reasons.append(("\(activated.count) projections are activated; those of a MobileNetV2 are linear", first))
    }
    let dense = blocks.filter { $0.depthwise.kind != .depthwise }
    if let first = dense.first, dense.count * 2 > blocks.count {
      reasons.append(("\(dense.count) spatial convolutions are not depthwise", first))
    }
    let otherExpansion = zip(blocks, Self.expected).filter { $0.expansion != $1.expansion }
    if let first = otherExpansion.first, otherExpansion.count * 2 > blocks.count {
      reasons.append(("\(otherExpansion.count) blocks have another expansion factor than 6", first.0))
    }
    if structure.width == nil, !blocks.isEmpty, blocks.count == Self.expected.count {
      reasons.append(("no width multiplier gives the channels of most blocks", blocks[0]))
    }
    for (reason, block) in reasons {
      report(.error, "not-a-mobilenetv2", reason, block.map(\.nodes) ?? [])
    }
    return reasons.isEmpty
  }

  mutating func inspect() {
    inspectStem()
    for block in structure.blocks { inspect(block) }
    inspectChannels()
    inspectStrides()
    inspectHead()
    inspectBatchNorms()
    inspectPaddings()
    inspectDeadChannels()
  }

  mutating func report(
    _ severity: Finding.Severity, _ code: String, _ message: String, _ nodes: [NodeID], fix: String? = nil
  ) {
    let sources = nodes.flatMap { graph[$0].origin }
    findings.append(Finding(severity, code: code, message, nodes: sources, fix: fix))
  }

  private mutating func inspectStem() {
    guard let stem = structure.stem else {
      report(
        .error, "missing-stem", "no convolution stands in front of block_0", structure.blocks[0].nodes,
        fix: "keep the 3×3 convolution of stride 2 that the first block reads")
      return
    }
    if stem.kernel != Size2D(3) || stem.kind != .dense {
      report(
        .error, "wrong-kernel", "stem: expected a dense 3×3 convolution, found \(stem.kind.rawValue) \(stem.kernel)",
        stem.nodes, fix: "use a dense 3×3 convolution")
    }
    inspectActivation(stem, "stem")
  }

  private mutating func inspect(_ block: InvertedResidualBlock) {
    let name = "block_\(block.index)"
    inspectShape(block, name)
    if let expand = block.expand { inspectActivation(expand, "\(name) expand") }
    inspectActivation(block.depthwise, "\(name) depthwise")
    if block.project.activation != .none {
      report(
        .error, "activated-projection",
        "\(name) project: expected no activation, found \(block.project.activation)", block.project.nodes,
        fix: "remove the activation: the projection is a linear bottleneck")
    }
    if block.sumActivation != .none {
      report(
        .error, "activated-sum", "\(name): expected a linear sum, found \(block.sumActivation)", block.nodes,
        fix: "remove the activation behind the addition")
    }
    inspectSkip(block, name)
  }

  private mutating func inspectShape(_ block: InvertedResidualBlock, _ name: String) {
    if block.depthwise.kind != .depthwise {
      let found = block.depthwise.kind == .dense ? "a dense one" : "\(block.depthwise.groups) groups"
      report(
        .error, "not-depthwise", "\(name) depthwise: expected one filter a channel, found \(found)",
        block.depthwise.nodes, fix: "make it a convolution with \(block.depthwise.inputChannels) groups")
    }
    if block.depthwise.kernel != Size2D(3) {
      report(
        .error, "wrong-kernel", "\(name) depthwise: expected a 3×3 kernel, found \(block.depthwise.kernel)",
        block.depthwise.nodes, fix: "use a 3×3 kernel")
    }
    for (layer, role) in [(block.expand, "expand"), (block.project, "project")] {
      guard let layer, layer.strides != .one else { continue }
      report(
        .error, "misplaced-stride", "\(name) \(role): expected stride 1, found \(layer.strides)", layer.nodes,
        fix: "stride in the depthwise convolution")
    }
    let expected = Self.expected[block.index].expansion
    guard block.expansion != expected else { return }
    let channels = block.inputChannels * expected
    let layer = block.expand ?? block.depthwise
    if let found = block.expansion {
      report(
        .error, "wrong-expansion",
        "\(name) expand: expected factor \(expected) (\(channels) channels), found factor \(found) "
          + "(\(block.expandedChannels))",
        layer.nodes, fix: "expand \(block.inputChannels) channels to \(channels)")
    } else {
      report(
        .error, "off-grid-channels",
        "\(name) expand: expected \(channels) channels, found \(block.expandedChannels)", layer.nodes,
        fix: "expand \(block.inputChannels) channels to \(channels)")
    }
  }

  private mutating func inspectSkip(_ block: InvertedResidualBlock, _ name: String) {
    let expectsSkip = block.stride == 1 && block.inputChannels == block.outputChannels
    switch block.skip {
    case .none where expectsSkip:
      report(
        .error, "missing-skip", "\(name): expected an addition of the block's input, found none", block.nodes,
        fix: "add the block's input to the projection's output")
    case .input(let addition) where !expectsSkip:
      report(
        .error, "impossible-skip",
        "\(name): found an addition, though stride \(block.stride) and \(block.inputChannels) → "
          + "\(block.outputChannels) channels allow none", [addition],
        fix: "remove the addition")
    case .other(let addition):
      report(
        .error, "misplaced-skip", "\(name): the addition does not read the block's input", [addition],
        fix: "add the block's input to the projection's output")
    default: break
    }
  }

  private mutating func inspectActivation(_ layer: ConvolutionLayer, _ name: String) {
    if layer.activation.isReLU6 { return }
    let isReLU = layer.activation == .relu
    report(
      isReLU ? .warning : .error,
      isReLU ? "relu-instead-of-relu6" : layer.activation == .none ? "missing-activation" : "other-activation",
      "\(name): expected ReLU6, found \(layer.activation == .none ? "no activation" : "\(layer.activation)")",
      layer.nodes, fix: "clamp the output to 0…6")
  }
}
