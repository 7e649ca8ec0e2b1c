public import ModelGraph
public import Verification

extension Model {
  /// Compares the model's outputs with stored ones.
  ///
  /// - Throws: `.usage` where the references do not fit, or a tolerance names no output; what running throws.
  public func verify(
    _ references: ReferenceSet, options: VerificationOptions = VerificationOptions()
  ) throws(ModelError) -> VerificationResult {
    let verifier = Verifier(tolerances: options.tolerances, failsFast: options.failsFast)
    try requireKnown(options.tolerances, in: graph.outputs.map(\.name))
    let results = try run(references.inputs, on: options.candidate)
    let outputs = try within(.file(references.path)) { () throws(ModelError) in
      try verifier.compare(results, with: references.outputs, of: graph)
    }
    let expectedCount = references.outputs.count { $0 != nil }
    let missing = zip(graph.outputs, references.outputs).filter { $0.1 == nil }.map { $0.0.name }
    return VerificationResult(
      reference: references.name, candidate: options.candidate, outputs: outputs,
      stoppedEarly: outputs.count < expectedCount, outputsWithoutReference: missing)
  }

  /// Compares the model with another one, layer by layer: most of all, a converted model with its source.
  ///
  /// The other model runs as its file holds it, in the reference interpreter. A layer is compared where the other model
  /// computes the value that the layer's output stems from. Inputs and outputs belong together by name where both models have
  /// the same names, else by position.
  ///
  /// - Parameters:
  ///   - inputs: what both are fed; nil: random numbers from the options' seed.
  ///   - progress: called with the name of each layer before it is compared.
  /// - Throws: `.usage` where the two signatures differ; what running throws.
  public func verify(
    against other: Model, inputs: [NamedTensor]? = nil, options: VerificationOptions = VerificationOptions(),
    progress: (String) -> Void = { _ in }
  ) throws(ModelError) -> VerificationResult {
    let pairing = try within(.file(other.path)) { () throws(ModelError) in
      try SignaturePairing(candidate: graph, reference: other.graph)
    }
    let (tensors, source) = try self.inputs(given: inputs, seed: options.seed)
    let shapes: [[Int]?] = tensors.map(\.extents)
    let reference = try within(.file(other.path)) { () throws(ModelError) in
      try ReferenceRunner(try other.graph.specialized(inputShapes: pairing.referenceShapes(shapes)))
    }
    return try within(.file(path)) { () throws(ModelError) in
      let graph = try self.graph.specialized(inputShapes: shapes)
      try pairing.requireEqualTypes(candidate: graph, reference: reference.graph)
      let known = graph.outputs.map(\.name) + graph.values.compactMap { $0.origin?.name }
      try requireKnown(options.tolerances, in: known)
      let verifier = Verifier(
        tolerances: options.tolerances, isCumulative: options.isCumulative, failsFast: options.failsFast)
      func compared(_ candidate: some GraphRunner) throws(ModelError) -> VerificationResult {
        let found = try verifier.compare(
          inputs: tensors, candidate: candidate, reference: reference, pairing: pairing,
          comparesLayers: options.comparesLayers
        ) { node in progress(node.name) }
        return VerificationResult(
          reference: "\(other.name) in the reference interpreter, \(source)", candidate: options.candidate,
          outputs: found.outputs, layers: found.layers, isCumulative: options.isCumulative,
          unmatchedNodes: found.unmatchedNodes, uncomparedNodes: found.uncomparedNodes, stoppedEarly: found.isStopped,
          pairing: pairing)
      }
      switch options.candidate {
      case .engine: return try compared(EngineRunner(graph))
      case .referenceInterpreter: return try compared(ReferenceRunner(graph))
      }
    }
  }

  private func inputs(given: [NamedTensor]?, seed: UInt64) throws(ModelError) -> (tensors: [Tensor], source: String) {
    if let given { return (try assignedInputs(given), "given input") }
    var random = RandomInputs(seed: seed)
    var tensors: [Tensor] = []
    for port in graph.inputs { tensors.append(try random.tensor(port, of: graph)) }
    return (tensors, "random input of seed \(seed)")
  }

  /// A tolerance for a tensor that is never compared is a mistake in writing.
  private func requireKnown(_ tolerances: Tolerances, in names: [String]) throws(ModelError) {
    let unknown = tolerances.names.subtracting(names).sorted()
    guard unknown.isEmpty else {
      throw ModelError(
        .usage, "a tolerance is given for '\(unknown.joined(separator: "', '"))', which is no output and no layer",
        hint: "the outputs: \(graph.outputs.map { "'\($0.name)'" }.joined(separator: ", "))")
    }
  }
}
