public import ModelGraph

/// What stands behind the last block.
public struct NetworkHead: Hashable, Sendable {
  /// The 1×1 convolution to 1280 channels or more.
  public let last: ConvolutionLayer?
  /// The global average pooling.
  public let pooling: NodeID?
  /// Dense layers (or 1×1 convolutions of a 1×1 map) behind the pooling, in order.
  public let dense: [NodeID]
  /// Outputs of the last dense layer.
  public let classes: Int?
  public let softmax: NodeID?
  /// All nodes of the head, in order: what only reshapes between the others belongs to it too.
  public let nodes: [NodeID]

  init(behind value: ValueID, graph: Graph, layers: ConvolutionLayers) {
    // Where several layers read the last block, heads of another kind begin.
    let readers = layers.reading(value)
    let last =
      readers.count == 1 && graph.consumers(of: value).count == 1
      ? readers.first { $0.isPointwise && $0.outputChannels > $0.inputChannels } : nil
    self.last = last
    var pooling: NodeID?
    var dense: [NodeID] = []
    var classes: Int?
    var softmax: NodeID?
    var passed: [NodeID] = []
    var current = last?.output ?? value
    // Follows the one path to the end; a fork, or another convolution over the map, ends the head.
    path: while let next = Self.next(behind: current, graph: graph) {
      switch next.op {
      case .globalPool, .reduce, .pool2D: pooling = pooling ?? next.id
      case .fullyConnected, .matMul:
        dense.append(next.id)
        classes = graph[next.outputs[0]].type.shape.dimensions?.last?.fixedValue
      case .conv2D(let conv):
        guard pooling != nil, let filter = graph.type(next, 1)?.shape.dimensions, filter.count == 4 else { break path }
        dense.append(next.id)
        classes = conv.filterLayout.outputChannels(filter, groups: conv.groups).fixedValue
      case .softmax: softmax = next.id
      default: break
      }
      passed.append(next.id)
      current = next.outputs[0]
    }
    self.pooling = pooling
    self.dense = pooling == nil ? [] : dense
    self.classes = pooling == nil ? nil : classes
    self.softmax = pooling == nil ? nil : softmax
    nodes = (last?.nodes ?? []) + (pooling == nil ? [] : passed.filter { last?.nodes.contains($0) != true })
  }

  private static func next(behind value: ValueID, graph: Graph) -> Node? {
    let readers = graph.consumers(of: value)
    if let pooling = readers.first(where: isPooling) { return pooling }
    return readers.count == 1 ? readers[0] : nil
  }

  private static func isPooling(_ node: Node) -> Bool {
    switch node.op {
    case .globalPool: true
    case .reduce(let reduce): reduce.function == .mean && reduce.axes.count == 2
    default: false
    }
  }
}
