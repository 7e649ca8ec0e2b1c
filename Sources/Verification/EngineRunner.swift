import Engine
public import ModelGraph

/// A canonical graph in the engine.
public struct EngineRunner: GraphRunner {
  public let graph: Graph
  private let engine: Engine

  /// - Throws: `.unsupported` naming every node that the engine has no kernel for.
  public init(_ graph: Graph) throws(ModelError) {
    self.graph = graph
    engine = try Engine(graph: graph)
  }

  public func run(
    _ inputs: [Tensor], observing observe: (Node, [Tensor]) throws(ModelError) -> Void
  ) throws(ModelError) -> [Tensor] {
    try engine.run(inputs, observing: observe)
  }

  public func run(_ inputs: [Tensor]) throws(ModelError) -> [Tensor] { try engine.run(inputs) }

  public func evaluate(_ node: Node, inputs: [Tensor?]) throws(ModelError) -> [Tensor] {
    try engine.evaluate(node, inputs: inputs)
  }
}
