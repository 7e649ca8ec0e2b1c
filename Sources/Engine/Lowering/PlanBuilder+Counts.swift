import ModelGraph

extension PlanBuilder {
  /// Adds the steps of a node that computes with counts.
  ///
  /// - Throws: `.unsupported` when the engine has no kernel for what the node asks.
  mutating func lowerCounts(_ node: Node) throws(ModelError) {
    let types = (node.inputs.compactMap { $0 } + node.outputs).map { graph[$0].type }
    let type = types.first { $0.quantization != nil } ?? types.first { !$0.elementType.isFloatingPoint }
    throw ModelError(
      .unsupported, "the engine has no kernel for \(node.op.name) with \(type.map(\.description) ?? "no operands")")
  }
}
