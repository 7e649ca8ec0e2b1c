import ModelGraph

extension PlanBuilder {
  /// Adds the steps of a node that computes with counts.
  ///
  /// - Throws: `.unsupported` when the engine has no kernel for what the node asks.
  mutating func lowerCounts(_ node: Node) throws(ModelError) {
    if computesWide(node) {
      try lowerWide(node)
      return
    }
    switch node.op {
    case .conv2D(let op) where isHybrid(node): try lowerHybrid(op, node)
    case .fullyConnected(let op) where isHybrid(node): try lowerHybrid(op, node)
    case .conv2D(let op): try lowerCounts(op, node)
    case .fullyConnected(let op): try lowerCounts(op, node)
    case .matMul(let op): try lowerCounts(op, node)
    case .binary(let op): try lowerCounts(op, node)
    case .prelu: try lowerPairs(node)
    case .clamp, .unary: try lowerTable(node)
    case .quantize(let op): try lowerCounts(op, node)
    case .dequantize: try lowerDequantize(node)
    case .cast: try lowerCast(node)
    case .reinterpret: try lowerReinterpret(node)
    case .dynamicQuantize: try lowerDynamicQuantize(node)
    case .integerConv2D(let op): try lowerCounts(op, node)
    case .integerMatMul: try lowerIntegerMatMul(node)
    case .pool2D(let op): try lowerCounts(op, node)
    case .globalPool(let op): try lowerCounts(op, node)
    case .reduce(let op): try lowerCounts(op, node)
    case .softmax(let op): try lowerCounts(op, node)
    case .argExtremum(let op): try lowerCounts(op, node)
    case .resize2D(let op): try lowerCounts(op, node)
    case .concat(let op): try lowerCounts(op, node)
    default:
      let types = (node.inputs.compactMap { $0 } + node.outputs).map { graph[$0].type }
      let type = types.first { $0.quantization != nil } ?? types.first { !$0.elementType.isFloatingPoint }
      throw ModelError(
        .unsupported,
        "the engine has no kernel for \(node.op.name) with \(type.map(\.description) ?? "such operands")")
    }
  }
}
