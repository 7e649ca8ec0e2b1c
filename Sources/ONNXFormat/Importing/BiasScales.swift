internal import ModelGraph

/// Biases between DequantizeLinear pairs whose scale is not that of the products which they are added to.
///
/// ONNX only asks for it in its QLinear operators; between pairs such a bias is a real number like any other, but hardware and
/// runtimes that compute with counts add it as if its scale were right.
struct BiasScales {
  /// Quantizers multiply the two scales in float32 or in float64.
  private static let tolerance: Float = 0x1p-21

  let graph: Graph

  var findings: [Finding] {
    graph.nodes.compactMap { node in
      switch node.op {
      case .conv2D, .fullyConnected: finding(node)
      default: nil
      }
    }
  }

  private func finding(_ node: Node) -> Finding? {
    guard case .perTensor(let scale, _)? = quantization(node, 0), let weights = quantization(node, 1)?.scales,
      let bias = quantization(node, 2)?.scales
    else { return nil }
    for channel in 0..<max(weights.count, bias.count) {
      guard weights.count == 1 || channel < weights.count, bias.count == 1 || channel < bias.count else { return nil }
      let product = scale * weights[weights.count == 1 ? 0 : channel]
      let own = bias[bias.count == 1 ? 0 : channel]
      guard (own - product).magnitude > Self.tolerance * product else { continue }
      return Finding(
        .warning, code: "bias-scale",
        "the bias has the scale \(own) in channel \(channel), input × weight scale is \(product)", nodes: node.origin)
    }
    return nil
  }

  /// What the counts behind an input stand for, where it comes out of a DequantizeLinear.
  private func quantization(_ node: Node, _ index: Int) -> Quantization? {
    guard let id = node.input(index), let maker = graph.producer(of: id), case .dequantize = maker.op else {
      return nil
    }
    return graph.type(maker, 0)?.quantization
  }
}
