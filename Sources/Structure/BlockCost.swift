public import ModelGraph

/// What one part of the network costs: the stem, a block, the head.
public struct BlockCost: Hashable, Sendable {
  /// `stem`, `block_3`, `head`, `other`.
  public let name: String
  /// What the part does, in few words.
  public let detail: String
  /// The shape of what leaves it, as the file holds it; nil for nodes that stand everywhere.
  public let output: TensorType?
  public let nodeCount: Int
  public let parameters: ParameterCount
  /// For a batch of one; nil where an extent is open.
  public let multiplyAccumulates: Int?
  /// What it would cost if its depthwise convolution and the projection behind it were one full convolution; nil where
  /// nothing is separable.
  public let fullConvolution: Int?

  /// The parts of a network in order; nodes that belong to none come last, as `other`.
  public static func parts(of graph: Graph, structure: InvertedResidualStructure) -> [BlockCost] {
    var counted: Set<NodeID> = []
    var seen: Set<ValueID> = []
    var parts: [BlockCost] = []
    func add(_ name: String, _ detail: String, _ nodes: [NodeID], full: Int? = nil) {
      let fresh = nodes.filter { counted.insert($0).inserted }
      guard !fresh.isEmpty else { return }
      var parameters = ParameterCount()
      var total: Int? = 0
      for node in fresh.map({ graph[$0] }) {
        for value in graph.parameterValues(of: node) where seen.insert(value.id).inserted {
          let count = value.constant?.elementCount ?? 0
          if value.isTrainable { parameters.trainable += count } else { parameters.nonTrainable += count }
        }
        total = sum(total, graph.multiplyAccumulates(of: node))
      }
      let last = fresh.max { graph.position(of: $0) ?? 0 < graph.position(of: $1) ?? 0 }
      let output = name == "other" ? nil : last.flatMap { graph[$0].outputs.first }.map { graph[$0].type }
      parts.append(
        BlockCost(
          name: name, detail: detail, output: output, nodeCount: fresh.count, parameters: parameters,
          multiplyAccumulates: total, fullConvolution: full))
    }
    if let stem = structure.stem { add("stem", "\(stem.kernel), stride \(stem.strides.height)", stem.nodes) }
    for block in structure.blocks {
      add("block_\(block.index)", detail(of: block), block.nodes, full: fullConvolution(block, graph))
    }
    if let head = structure.head {
      add("head", head.classes.map { "\($0) classes" } ?? "no classifier", head.nodes)
    }
    add("other", "", graph.nodes.map(\.id).filter { !counted.contains($0) })
    return parts
  }

  private static func detail(of block: InvertedResidualBlock) -> String {
    var words = ["\(block.inputChannels) → \(block.expandedChannels) → \(block.outputChannels)"]
    if block.stride != 1 { words.append("stride \(block.stride)") }
    if block.dilation != 1 { words.append("dilation \(block.dilation)") }
    if case .input = block.skip { words.append("skip") }
    return words.joined(separator: ", ")
  }

  /// The expansion as it is, and one convolution with the depthwise kernel from the expanded to the output channels.
  private static func fullConvolution(_ block: InvertedResidualBlock, _ graph: Graph) -> Int? {
    guard block.depthwise.kind == .depthwise else { return nil }
    let kernel = block.depthwise.kernel
    let project = graph.multiplyAccumulates(of: graph[block.project.node])
    let expand = block.expand.map { graph.multiplyAccumulates(of: graph[$0.node]) } ?? 0
    guard let project else { return nil }
    let (full, overflow) = project.multipliedReportingOverflow(by: kernel.height * kernel.width)
    return overflow ? nil : sum(expand, full)
  }

  private static func sum(_ left: Int?, _ right: Int?) -> Int? {
    guard let left, let right else { return nil }
    let (total, overflow) = left.addingReportingOverflow(right)
    return overflow ? nil : total
  }
}
