public import ModelGraph

/// Something that can execute a graph: the reference interpreter, the engine.
public protocol GraphRunner {
  /// The graph that is executed.
  var graph: Graph { get }

  /// The outputs for `inputs`, both in the axis order of the graph's signature.
  ///
  /// - Parameter observe: called after each node with its outputs, in the axis order of the graph's values.
  func run(
    _ inputs: [Tensor], observing observe: (Node, [Tensor]) throws(ModelError) -> Void
  ) throws(ModelError) -> [Tensor]

  /// The outputs for `inputs`, both in the axis order of the graph's signature.
  func run(_ inputs: [Tensor]) throws(ModelError) -> [Tensor]

  /// The outputs of one node for inputs of its own, constants among them.
  func evaluate(_ node: Node, inputs: [Tensor?]) throws(ModelError) -> [Tensor]
}

extension GraphRunner {
  /// The outputs for `inputs`, both in the axis order of the graph's signature.
  public func run(_ inputs: [Tensor]) throws(ModelError) -> [Tensor] {
    try run(inputs) { (_, _) throws(ModelError) in }
  }
}
