public import ModelGraph

/// Compares executions of graphs: outputs with stored references, layers with the source's own values.
public struct Verifier: Sendable {
  public var tolerances: Tolerances
  /// Whether each layer is fed what the candidate's own layers before it computed.
  public var isCumulative: Bool
  /// Whether to stop at the first tensor over its tolerance.
  public var failsFast: Bool

  public init(tolerances: Tolerances = .standard, isCumulative: Bool = false, failsFast: Bool = false) {
    self.tolerances = tolerances
    self.isCumulative = isCumulative
    self.failsFast = failsFast
  }

  /// Compares outputs with expected tensors, in the order of the graph's outputs; a nil is not compared.
  public func compare(
    _ results: [Tensor], with expected: [Tensor?], of graph: Graph
  ) throws(ModelError) -> [TensorComparison] {
    guard results.count == graph.outputs.count, expected.count == results.count else {
      throw ModelError(
        .usage, "the graph has \(graph.outputs.count) outputs, \(expected.count) references were given")
    }
    var comparisons: [TensorComparison] = []
    for (port, (result, reference)) in zip(graph.outputs, zip(results, expected)) {
      guard let reference else { continue }
      let comparison = try TensorComparison(
        name: port.name, result, reference: Self.unified(reference, with: result), tolerances: tolerances,
        ranksRows: true)
      comparisons.append(comparison)
      if failsFast && !comparison.isWithin { break }
    }
    return comparisons
  }

  /// Compares the candidate with the reference, both fed `inputs`: the outputs, and each layer whose value the reference
  /// graph computes too.
  ///
  /// - Parameters:
  ///   - inputs: the candidate's, in the axis order of both graphs' signatures.
  ///   - candidate: the execution to verify; its graph's shapes are fixed.
  ///   - reference: the execution to trust, of the source's own graph.
  ///   - pairing: which inputs and outputs belong together; nil: as ``SignaturePairing`` finds it.
  ///   - comparesLayers: false: outputs only.
  ///   - progress: called with the node about to be compared.
  public func compare(
    inputs: [Tensor], candidate: some GraphRunner, reference: some GraphRunner, pairing: SignaturePairing? = nil,
    comparesLayers: Bool = true, progress: (Node) -> Void = { _ in }
  ) throws(ModelError) -> GraphComparison {
    let graph = candidate.graph
    let pairing = if let pairing { pairing } else { try SignaturePairing(candidate: graph, reference: reference.graph) }
    let referenceInputs = try pairing.referenceInputs(inputs)
    guard comparesLayers else {
      let expected = pairing.candidateOutputs(try reference.run(referenceInputs))
      let outputs = try compare(try candidate.run(inputs), with: expected, of: graph)
      return GraphComparison(
        outputs: outputs, isStopped: outputs.contains { !$0.isWithin } && outputs.count < expected.count)
    }
    let wanted = Set(graph.values.compactMap { $0.constant == nil ? $0.origin?.name : nil })
    var values = SourceValues(of: reference.graph, wanted: wanted)
    for (port, input) in zip(reference.graph.inputs, referenceInputs) {
      values.record(reference.graph[port.value], try Self.valueTensor(port, input))
    }
    let computed = try reference.run(referenceInputs) { (node, outputs) throws(ModelError) in
      for (id, tensor) in zip(node.outputs, outputs) { values.record(reference.graph[id], tensor) }
    }
    let expected = pairing.candidateOutputs(computed)
    var comparison = LayerwiseComparison(
      graph: graph, values: values, tolerances: tolerances, failsFast: failsFast, isCumulative: isCumulative)
    if isCumulative {
      let results = try candidate.run(inputs) { (node, outputs) throws(ModelError) in
        guard !comparison.isStopped else { return }
        progress(node)
        try comparison.compare(node, outputs)
      }
      let outputs = comparison.isStopped ? [] : try compare(results, with: expected, of: graph)
      return GraphComparison(comparison, outputs: outputs)
    }
    for (port, input) in zip(graph.inputs, inputs) { comparison.feed(port.value, try Self.valueTensor(port, input)) }
    for node in graph.nodes {
      progress(node)
      try comparison.compare(node, try candidate.evaluate(node, inputs: try comparison.inputs(of: node)))
      if comparison.isStopped { return GraphComparison(comparison, outputs: []) }
    }
    let outputs = try compare(try candidate.run(inputs), with: expected, of: graph)
    return GraphComparison(comparison, outputs: outputs)
  }

  /// A signature's tensor in the axis order of the graph's value.
  private static func valueTensor(_ port: GraphPort, _ tensor: Tensor) throws(ModelError) -> Tensor {
    guard let permutation = port.permutation else { return tensor }
    return try tensor.transposed(permutation)
  }

  /// A stored reference carries no quantization: its counts mean what the result's mean.
  private static func unified(_ reference: Tensor, with result: Tensor) -> Tensor {
    guard let quantization = result.type.quantization, reference.type.quantization == nil,
      reference.elementType == result.elementType
    else { return reference }
    return reference.with(quantization: quantization)
  }
}
