import ModelGraph

/// What follows a convolution and belongs to it: batch norm, activation, steps between counts and real numbers.
struct LayerTail {
  private(set) var batchNorm: NodeID?
  private(set) var batchNormEpsilon: Float?
  private(set) var activation: LayerActivation
  private(set) var output: ValueID
  private(set) var nodes: [NodeID] = []

  init(of graph: Graph, node: Node, clamp: ClampRange) {
    activation = LayerActivation(clamp)
    output = node.outputs[0]
    while let next = graph.soleConsumer(of: output), absorb(next, graph) { output = next.outputs[0] }
    if activation == .none { activation = Self.rangeActivation(graph, from: node.outputs[0], to: output) }
  }

  /// Takes `next` in when it belongs to the layer.
  private mutating func absorb(_ next: Node, _ graph: Graph) -> Bool {
    switch next.op {
    case .batchNorm(let norm) where batchNorm == nil && activation == .none:
      batchNorm = next.id
      batchNormEpsilon = norm.epsilon
      activation = LayerActivation(norm.outputClamp)
    case .clamp(let clamp) where activation == .none: activation = LayerActivation(clamp.range)
    case .unary(let unary) where activation == .none:
      guard let name = Self.activationName(unary.function) else { return false }
      activation = .other(name)
    case .prelu where activation == .none: activation = .other("PReLU")
    case .binary(let binary) where activation == .none && Self.isAffine(binary, next, graph):
      // A batch norm as exporters unroll it: a factor and a summand for each channel.
      activation = LayerActivation(binary.outputClamp)
    case .identity, .quantize, .dequantize, .reinterpret: break
    default: return false
    }
    nodes.append(next.id)
    return true
  }

  private static func isAffine(_ binary: Binary, _ node: Node, _ graph: Graph) -> Bool {
    switch binary.function {
    case .add, .subtract, .multiply, .divide: graph.constant(node, 0) != nil || graph.constant(node, 1) != nil
    default: false
    }
  }

  private static func activationName(_ function: Unary.Function) -> String? {
    switch function {
    case .hardSwish: "hard-swish"
    case .silu: "SiLU"
    case .leakyReLU: "leaky ReLU"
    case .elu: "ELU"
    case .selu: "SELU"
    case .gelu: "GELU"
    case .sigmoid: "sigmoid"
    case .hyperbolicTangent: "tanh"
    case .softplus: "softplus"
    default: nil
    }
  }

  /// Quantized files may leave ReLU6 out: counts whose smallest stands for zero clamp by themselves.
  private static func rangeActivation(_ graph: Graph, from start: ValueID, to end: ValueID) -> LayerActivation {
    var values = [start, end]
    // A step to counts of its own, as ONNX writes it, is followed by the step back to real numbers.
    if let step = graph.soleConsumer(of: start), case .quantize = step.op { values += step.outputs }
    for value in values {
      let type = graph[value].type
      guard case .perTensor(let scale, let zeroPoint)? = type.quantization, let range = type.elementType.countRange,
        range.upperBound < 1 << 16, Int(zeroPoint) == range.lowerBound
      else { continue }
      return .quantizedRange(upper: Float(range.upperBound - Int(zeroPoint)) * scale)
    }
    return .none
  }
}
