public import ModelGraph
public import Verification

extension Model {
  /// The tensors of `inputs` in the order of the graph's inputs.
  ///
  /// - Throws: `.usage` where a name means no input, or an input is missing.
  public func assignedInputs(_ inputs: [NamedTensor]) throws(ModelError) -> [Tensor] {
    let assignment = PortAssignment(.input, of: graph)
    return try assignment.complete(try assignment.assigned(inputs))
  }

  /// The outputs for `inputs`, both in the order of the graph's signature and in the signature's axis order.
  ///
  /// The engine runs canonical graphs: a native file's, or ``executable(_:)``'s.
  ///
  /// - Throws: `.usage` where the inputs do not fit the signature; `.unsupported` for what the execution cannot do.
  public func run(
    _ inputs: [Tensor], on execution: VerificationResult.Candidate = .engine
  ) throws(ModelError) -> [Tensor] {
    try within(.file(path)) { () throws(ModelError) in
      let graph = try graph.specialized(inputShapes: inputs.map(\.extents))
      switch execution {
      case .engine: return try EngineRunner(graph).run(inputs)
      case .referenceInterpreter: return try ReferenceRunner(graph).run(inputs)
      }
    }
  }

  /// The outputs for named inputs, by name.
  public func run(
    _ inputs: [String: Tensor], on execution: VerificationResult.Candidate = .engine
  ) throws(ModelError) -> [String: Tensor] {
    let named = inputs.sorted { $0.key < $1.key }.map { NamedTensor(name: $0.key, $0.value) }
    let results = try run(try assignedInputs(named), on: execution)
    return Dictionary(zip(graph.outputs.map(\.name), results)) { first, _ in first }
  }
}
