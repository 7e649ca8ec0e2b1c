public import ModelGraph
import ReferenceInterpreter

/// A graph in the reference interpreter.
public struct ReferenceRunner: GraphRunner {
  public let graph: Graph
  private let interpreter: ReferenceInterpreter

  /// - Throws: `.unsupported` naming every operator without a meaning.
  public init(_ graph: Graph) throws(ModelError) {
    self.graph = graph
    interpreter = try ReferenceInterpreter(graph)
  }

  public func run(
    _ inputs: [Tensor], observing observe: (Node, [Tensor]) throws(ModelError) -> Void
  ) throws(ModelError) -> [Tensor] {
    try interpreter.run(inputs, observing: observe)
  }

  public func evaluate(_ node: Node, inputs: [Tensor?]) throws(ModelError) -> [Tensor] {
    try within(node.origin.first?.frame ?? .node(name: node.name, operator: node.op.name, index: nil)) {
      () throws(ModelError) in
      try ReferenceInterpreter.evaluate(
        node.op, inputs, outputTypes: node.outputs.map { graph[$0].type }, arithmetic: graph.arithmetic)
    }
  }
}
