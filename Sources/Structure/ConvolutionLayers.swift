public import ModelGraph

/// Every convolution of a graph as a ``ConvolutionLayer``, whatever the form: batch norms and activations separate or fused,
/// paddings explicit or not, counts or real numbers.
public struct ConvolutionLayers: Sendable {
  /// In topological order.
  public let layers: [ConvolutionLayer]
  let byOutput: [ValueID: Int]
  let byInput: [ValueID: [Int]]

  public init(of graph: Graph) {
    var layers: [ConvolutionLayer] = []
    for node in graph.nodes {
      guard case .conv2D(let conv) = node.op, let layer = Self.layer(graph, node, conv) else { continue }
      layers.append(layer)
    }
    self.layers = layers
    var byOutput: [ValueID: Int] = [:]
    var byInput: [ValueID: [Int]] = [:]
    for (index, layer) in layers.enumerated() {
      byOutput[layer.output] = index
      byInput[layer.input, default: []].append(index)
    }
    self.byOutput = byOutput
    self.byInput = byInput
  }

  /// The layer that hands on `value`.
  func making(_ value: ValueID) -> ConvolutionLayer? { byOutput[value].map { layers[$0] } }

  /// The layers that read `value`.
  func reading(_ value: ValueID) -> [ConvolutionLayer] { (byInput[value] ?? []).map { layers[$0] } }

  /// The value that `value` equals but for its representation: copies, quantization steps and transposes looked through.
  public static func root(_ value: ValueID, in graph: Graph) -> ValueID {
    var current = value
    while let producer = graph.producer(of: current), isTransparent(producer.op), let input = producer.input(0) {
      current = input
    }
    return current
  }

  private static func isTransparent(_ op: Op) -> Bool {
    switch op {
    case .identity, .quantize, .dequantize, .reinterpret, .cast, .transpose: true
    default: false
    }
  }

  private static func layer(_ graph: Graph, _ node: Node, _ conv: Conv2D) -> ConvolutionLayer? {
    guard let filter = graph.type(node, 1), let dimensions = filter.shape.dimensions, dimensions.count == 4,
      let kernel = conv.kernel(filter: filter),
      let outputChannels = conv.filterLayout.outputChannels(dimensions, groups: conv.groups).fixedValue,
      let inputChannels = conv.filterLayout.inputChannels(dimensions, groups: conv.groups).fixedValue,
      let read = node.input(0)
    else { return nil }
    let padding = paddingBefore(graph, read, layout: conv.layout)
    let map = graph[padding.input].type.shape.dimensions
    var size: Size2D?
    if let height = map.flatMap({ $0.count == 4 ? $0[conv.layout.heightAxis].fixedValue : nil }),
      let width = map?[conv.layout.widthAxis].fixedValue
    {
      size = Size2D(height: height, width: width)
    }
    var insets: EdgeInsets?
    switch conv.padding {
    case .explicit(let own): insets = own
    case .valid: insets = .zero
    case .same:
      if let size {
        let before = padding.insets
        insets = conv.padding.insets(
          height: size.height + before.top + before.bottom, width: size.width + before.left + before.right,
          kernel: kernel, strides: conv.strides, dilation: conv.dilation)
      } else if kernel == .one {
        insets = .zero
      }
    }
    if let own = insets {
      insets = EdgeInsets(
        top: own.top + padding.insets.top, left: own.left + padding.insets.left,
        bottom: own.bottom + padding.insets.bottom, right: own.right + padding.insets.right)
    }
    let tail = LayerTail(of: graph, node: node, clamp: conv.outputClamp)
    var padsSame = false
    if case .same = conv.padding { padsSame = true }
    let kind: ConvolutionLayer.Kind =
      conv.groups == 1 ? .dense : conv.groups == inputChannels ? .depthwise : .grouped
    return ConvolutionLayer(
      node: node.id, kind: inputChannels == 1 && outputChannels == 1 ? .depthwise : kind, groups: conv.groups,
      kernel: kernel, strides: conv.strides, dilation: conv.dilation, inputChannels: inputChannels,
      outputChannels: outputChannels, padding: insets, hasPaddingNode: !padding.nodes.isEmpty, padsSame: padsSame,
      inputSize: size, batchNorm: tail.batchNorm, batchNormEpsilon: tail.batchNormEpsilon,
      activation: tail.activation, input: root(padding.input, in: graph), output: root(tail.output, in: graph),
      nodes: padding.nodes + [node.id] + tail.nodes)
  }

  /// The zero paddings in front of a convolution, as rows and columns.
  private static func paddingBefore(
    _ graph: Graph, _ value: ValueID, layout: Layout
  ) -> (input: ValueID, insets: EdgeInsets, nodes: [NodeID]) {
    var insets = EdgeInsets.zero
    var nodes: [NodeID] = []
    var current = value
    while let producer = graph.producer(of: current), let input = producer.input(0) {
      if case .pad(let pad) = producer.op, pad.before.count == 4, case .constant(0) = pad.mode {
        insets.top += pad.before[layout.heightAxis]
        insets.left += pad.before[layout.widthAxis]
        insets.bottom += pad.after[layout.heightAxis]
        insets.right += pad.after[layout.widthAxis]
        nodes.insert(producer.id, at: 0)
      } else if case .transpose = producer.op {
        // Behind a transpose the axes are other ones; whatever pads there belongs to somebody else.
        break
      } else if !isTransparent(producer.op) {
        break
      }
      current = input
    }
    // A value that was only looked through is named as the convolution reads it, so that its layout fits.
    return nodes.isEmpty ? (value, insets, nodes) : (current, insets, nodes)
  }
}
