import ModelGraph

/// Finds the blocks of a graph by their wiring: a spatial convolution, the 1×1 convolution that reads it, and the 1×1
/// convolution in front of it that is not itself the projection of another block.
struct BlockFinder {
  let graph: Graph
  let layers: ConvolutionLayers

  func blocks() -> [InvertedResidualBlock] {
    var candidates: [(spatial: ConvolutionLayer, project: ConvolutionLayer)] = []
    for layer in layers.layers where isSpatial(layer) {
      let readers = layers.reading(layer.output).filter(\.isPointwise)
      // A projection is the only reader of the depthwise map.
      guard readers.count == 1, graph.consumers(of: layer.output).count == 1 || readers[0].input == layer.output
      else { continue }
      candidates.append((layer, readers[0]))
    }
    let projections = Set(candidates.map(\.project.node))
    let spatial = Set(candidates.map(\.spatial.node))
    var blocks: [InvertedResidualBlock] = []
    for candidate in candidates {
      var expand: ConvolutionLayer?
      if let before = layers.making(candidate.spatial.input), before.isPointwise,
        !projections.contains(before.node), !spatial.contains(before.node)
      {
        expand = before
      }
      // A dense spatial convolution without an expansion before it is a stem or a plain layer.
      if expand == nil, candidate.spatial.kind == .dense { continue }
      let input = expand?.input ?? candidate.spatial.input
      let sum = addition(of: candidate.project, input: input)
      blocks.append(
        InvertedResidualBlock(
          index: blocks.count, expand: expand, depthwise: candidate.spatial, project: candidate.project,
          skip: sum.skip, sumActivation: sum.activation, input: input,
          output: sum.output ?? candidate.project.output))
    }
    return blocks
  }

  private func isSpatial(_ layer: ConvolutionLayer) -> Bool {
    layer.kind != .dense || layer.kernel != .one
  }

  private func addition(
    of project: ConvolutionLayer, input: ValueID
  ) -> (skip: InvertedResidualBlock.Skip, activation: LayerActivation, output: ValueID?) {
    for reader in readers(of: project.output) {
      guard case .binary(let binary) = reader.op, binary.function == .add, let left = reader.input(0),
        let right = reader.input(1)
      else { continue }
      let roots = [left, right].map { ConvolutionLayers.root($0, in: graph) }
      guard roots.contains(project.output), graph.value(left)?.constant == nil, graph.value(right)?.constant == nil
      else { continue }
      let other = roots[0] == project.output ? roots[1] : roots[0]
      // The later of two summands ends the block: the input of a following block is no projection of it.
      let otherIsLater = layers.making(other).map { position($0.node) > position(project.node) } ?? false
      if otherIsLater { continue }
      let tail = LayerTail(of: graph, node: reader, clamp: binary.outputClamp)
      var activation = tail.activation
      if case .quantizedRange = activation { activation = .none }
      let output = ConvolutionLayers.root(tail.output, in: graph)
      return (other == input ? .input(reader.id) : .other(reader.id), activation, output)
    }
    return (.none, .none, nil)
  }

  /// The nodes that read a value, steps of representation looked through.
  private func readers(of value: ValueID) -> [Node] {
    var result: [Node] = []
    var open = [value]
    while let current = open.popLast() {
      for reader in graph.consumers(of: current) {
        switch reader.op {
        case .identity, .quantize, .dequantize, .reinterpret, .cast, .transpose: open += reader.outputs
        default: result.append(reader)
        }
      }
    }
    return result
  }

  private func position(_ node: NodeID) -> Int { graph.position(of: node) ?? 0 }
}
