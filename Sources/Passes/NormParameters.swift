import ModelGraph

/// A batch norm at inference as a scale and an offset for each channel.
struct NormParameters {
  /// s = γ / √(σ² + ε)
  var scales: [Float]
  var means: [Float]
  var betas: [Float]

  /// The parameters of a batch norm node; nil when one of them is not a float32 constant.
  ///
  /// All in float32 and in this order, which is how PyTorch's exporter and the converters of other formats round: their folded
  /// files and ours agree to the bit.
  init?(_ node: Node, _ op: BatchNorm, in graph: Graph) throws(ModelError) {
    func vector(_ index: Int) throws(ModelError) -> [Float]? {
      guard let constant = graph.constant(node, index), constant.type.isPlainFloat32 else { return nil }
      return try constant.floats()
    }
    guard let means = try vector(3), let variances = try vector(4) else { return nil }
    let gammas = node.input(1) == nil ? [Float](repeating: 1, count: means.count) : try vector(1)
    let betas = node.input(2) == nil ? [Float](repeating: 0, count: means.count) : try vector(2)
    guard let gammas, let betas, gammas.count == means.count, betas.count == means.count,
      variances.count == means.count
    else { return nil }
    self.means = means
    self.betas = betas
    scales = zip(gammas, variances).map { gamma, variance in gamma / (variance + op.epsilon).squareRoot() }
  }

  /// β + (b − μ) · s, each step rounded to float32; `bias` nil stands for zeros.
  func offsets(bias: [Float]?) -> [Float] {
    means.indices.map { channel in
      let centered = (bias?[channel] ?? 0) - means[channel]
      // Two roundings, as the exporters do it: no fused multiply–add here.
      let product = centered * scales[channel]
      return betas[channel] + product
    }
  }
}
