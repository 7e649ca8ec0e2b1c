import ModelGraph
import Structure

/// Which nodes run together.
struct BlockFusions {
  enum Mode: Hashable {
    case rows, panels
  }

  /// The nodes of one block that become one step.
  struct Fusion {
    /// The network's first convolution, where nothing else reads it.
    var stem: PlanBuilder.Convolution?
    let expand: PlanBuilder.Convolution?
    let depthwise: PlanBuilder.Convolution
    let project: PlanBuilder.Convolution
    /// What is added to the projection and where the sum goes.
    var sum: (other: ValueID, output: ValueID, bounds: Bounds)?
    let mode: Mode
    let reason: String

    /// What the block hands on.
    var output: ValueID { sum?.output ?? project.output }
    /// What the sum is bounded by, or the projection.
    var bounds: Bounds { sum?.bounds ?? project.bounds }
  }

  private var byLastNode: [NodeID: Fusion] = [:]
  private var members: Set<NodeID> = []

  /// None.
  init() {}

  /// Those of the graph's blocks whose layers are nothing but convolutions and whose maps nobody else reads.
  init(_ graph: Graph, _ builder: PlanBuilder, _ strategy: BlockStrategy) {
    guard strategy != .unfused else { return }
    let (stemLayer, blocks) = InvertedResidualStructure.blocks(of: graph)
    for block in blocks {
      guard let found = Self.match(block, graph, builder, strategy) else { continue }
      var (fusion, last, nodes) = found
      if fusion.expand == nil, fusion.mode == .rows, let layer = stemLayer, layer.nodes == [layer.node],
        let stem = Self.convolution(layer, graph, builder), stem.isStem, stem.output == fusion.depthwise.input,
        Self.isPrivate(stem.output, to: block.depthwise.node, graph)
      {
        fusion.stem = stem
        nodes.append(layer.node)
      }
      byLastNode[last] = fusion
      members.formUnion(nodes)
    }
  }

  /// The fusion that a node completes.
  func ending(at node: NodeID) -> Fusion? { byLastNode[node] }

  /// Whether another step does the node's work.
  func contains(_ node: NodeID) -> Bool { members.contains(node) }

  private static func match(
    _ block: InvertedResidualBlock, _ graph: Graph, _ builder: PlanBuilder, _ strategy: BlockStrategy
  ) -> (fusion: Fusion, last: NodeID, nodes: [NodeID])? {
    let layers = [block.expand, block.depthwise, block.project].compactMap { $0 }
    guard layers.allSatisfy({ $0.nodes == [$0.node] }), let depthwise = convolution(block.depthwise, graph, builder),
      let project = convolution(block.project, graph, builder), depthwise.isDepthwise, project.isPointwise,
      project.input == depthwise.output, isPrivate(depthwise.output, to: block.project.node, graph)
    else { return nil }
    var expand: PlanBuilder.Convolution?
    if let layer = block.expand {
      guard let found = convolution(layer, graph, builder), found.isPointwise, found.output == depthwise.input,
        isPrivate(found.output, to: block.depthwise.node, graph)
      else { return nil }
      expand = found
    }
    var sum: (other: ValueID, output: ValueID, bounds: Bounds)?
    var last = block.project.node
    if case .input(let id) = block.skip, let found = addition(id, project, graph) {
      sum = found
      last = id
    }
    let choice = BlockChoice(
      expand: expand, depthwise: depthwise, project: project, lanes: builder.lanes, caches: .machine)
    guard let (mode, reason) = choice.mode(strategy) else { return nil }
    let fusion = Fusion(
      expand: expand, depthwise: depthwise, project: project, sum: sum, mode: mode, reason: reason)
    return (fusion, last, layers.map(\.node) + [last])
  }

  private static func convolution(
    _ layer: ConvolutionLayer, _ graph: Graph, _ builder: PlanBuilder
  ) -> PlanBuilder.Convolution? {
    let node = graph[layer.node]
    guard case .conv2D(let op) = node.op, builder.isReal(node) else { return nil }
    // What cannot be described cannot be fused; the node's own lowering says why.
    return try? builder.describe(op, node)
  }

  /// The sum of a projection that has no clamp of its own and a map of the same extents.
  private static func addition(
    _ id: NodeID, _ project: PlanBuilder.Convolution, _ graph: Graph
  ) -> (other: ValueID, output: ValueID, bounds: Bounds)? {
    let node = graph[id]
    guard project.bounds == Bounds(), case .binary(let op) = node.op, op.function == .add,
      let left = node.input(0), let right = node.input(1), left != right, let output = node.outputs.first,
      left == project.output || right == project.output, isPrivate(project.output, to: id, graph)
    else { return nil }
    let other = left == project.output ? right : left
    guard graph[other].constant == nil, graph[other].type.shape == graph[project.output].type.shape else { return nil }
    return (other, output, Bounds(op.outputClamp))
  }

  /// Whether a value is read by one node and nobody else.
  private static func isPrivate(_ value: ValueID, to node: NodeID, _ graph: Graph) -> Bool {
    let readers = graph.consumers(of: value)
    return readers.count == 1 && readers[0].id == node && !graph.outputs.contains { $0.value == value }
  }
}
