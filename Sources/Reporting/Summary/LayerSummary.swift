public import ModelGraph

/// One row of a summary: a node of the graph.
public struct LayerSummary: Sendable {
  /// The name in the source file, or the graph's own where the file has none.
  public var name: String
  /// The operator's name, the same for every format.
  public var operatorName: String
  /// The operator in the words of the file.
  public var sourceOperator: String
  /// Kernel, strides, activation and whatever else tells this node from others of its operator.
  public var detail: String
  public var outputs: [TensorType]
  /// The quantization of the weights of a convolution or a dense layer; nil for real numbers.
  public var weightQuantization: Quantization?
  /// Parameters that the node reads; shared ones count at each reader.
  public var parameters: ParameterCount
  /// For a batch of one; nil where an extent is open.
  public var multiplyAccumulates: Int?
  public var sourceNodes: [SourceNode]
  /// The models in the file that hold the layer, outermost first.
  public var scope: [String]

  /// The name behind those of the models that hold it, indented below them.
  var indentedName: String {
    let prefix = scope.map { $0 + "/" }.joined()
    guard !scope.isEmpty, name.hasPrefix(prefix), name.count > prefix.count else { return name }
    return String(repeating: "  ", count: scope.count) + name.dropFirst(prefix.count)
  }

  /// The row of a whole model, for the layers in it.
  init(model: [String], layers: [LayerSummary]) {
    name = model.joined(separator: "/")
    operatorName = "model"
    sourceOperator = ""
    detail = "\(layers.count) \(layers.count == 1 ? "node" : "nodes")"
    outputs = layers.last?.outputs ?? []
    weightQuantization = nil
    parameters = layers.reduce(into: ParameterCount()) { count, layer in
      count.trainable += layer.parameters.trainable
      count.nonTrainable += layer.parameters.nonTrainable
    }
    multiplyAccumulates = layers.reduce(0) { sum, layer in
      guard let sum, let count = layer.multiplyAccumulates else { return nil }
      let (total, overflow) = sum.addingReportingOverflow(count)
      return overflow ? nil : total
    }
    sourceNodes = layers.flatMap(\.sourceNodes)
    scope = Array(model.dropLast())
  }

  init(_ node: Node, of graph: Graph) {
    let source = node.origin.last
    name = source.flatMap { $0.name.isEmpty ? nil : $0.name } ?? node.name
    operatorName = node.op.name
    sourceOperator = node.origin.map(\.operatorName).joined(separator: "+")
    detail = node.detail(in: graph)
    outputs = node.outputs.compactMap { graph.value($0)?.type }
    weightQuantization = node.op.hasWeights ? graph.type(node, 1)?.quantization : nil
    parameters = graph.parameterCount(of: node)
    multiplyAccumulates = graph.multiplyAccumulates(of: node)
    sourceNodes = node.origin
    scope = source?.scope ?? []
  }
}

extension LayerSummary {
  /// How the counts of outputs and weights stand for real numbers: `0.0235, 0 | weights 32 scales along axis 0`.
  var quantizationText: String {
    var parts = outputs.compactMap { $0.quantization?.summaryText }
    if let weightQuantization { parts.append("weights \(weightQuantization.summaryText)") }
    return parts.joined(separator: " | ")
  }
}

extension Quantization {
  /// Scale and zero point, or how many there are.
  fileprivate var summaryText: String {
    guard case .perTensor(let scale, let zeroPoint) = self else { return description }
    return "\(NumberText.short(Double(scale), digits: 6)), \(zeroPoint)"
  }
}

extension Op {
  /// Whether the second operand is a filter or a matrix of weights.
  fileprivate var hasWeights: Bool {
    switch self {
    case .conv2D, .convTranspose2D, .fullyConnected: true
    default: false
    }
  }
}
