public import ModelGraph

/// A network layer by layer, with its totals.
public struct ModelSummary: Sendable {
  /// A graph input or output in the axis order of the source's signature.
  public struct Port: Sendable {
    public var name: String
    public var type: TensorType
  }

  /// The name of the file.
  public var name: String
  /// The format and its version, in words.
  public var source: String
  /// What the file says about itself.
  public var metadata: [String: String]
  public var inputs: [Port]
  public var outputs: [Port]
  public var layers: [LayerSummary]
  /// All parameters, shared ones counted once.
  public var parameters: ParameterCount
  /// What the optimizer keeps beside them in the file, in numbers; no part of ``parameters``.
  public var optimizerParameterCount: Int
  /// For a batch of one; nil where an extent is open.
  public var multiplyAccumulates: Int?
  /// Bytes of the parameters as the file holds them, by element type.
  public var weightBytes: [ElementType: Int]
  /// Which arithmetic the quantized operators follow; nil where no tensor is quantized.
  public var arithmetic: QuantizedArithmetic?
  /// How many batch norms the graph has.
  public var batchNormCount: Int
  /// The parameters that remain when each batch norm behind a convolution or a dense layer is folded into it; nil without
  /// batch norms.
  public var foldedParameters: Int?
  /// How often each operator occurs.
  public var operatorCounts: [String: Int]
  /// Other graphs that the file holds: branches, loop bodies, further subgraphs.
  public var otherGraphs: [String]
  public var findings: [Finding]
  /// Operators without a meaning, each with its reason.
  public var opaqueOperators: [OpaqueOperatorSummary]

  public init(_ program: Program, name: String, notes: [Finding] = []) {
    let graph = program.mainGraph
    self.name = name
    source = program.source
    metadata = program.metadata
    inputs = graph.inputs.map { Port(name: $0.name, type: graph.signatureType($0)) }
    outputs = graph.outputs.map { Port(name: $0.name, type: graph.signatureType($0)) }
    layers = graph.nodes.map { LayerSummary($0, of: graph) }
    parameters = graph.parameterCount()
    parameters.trainable += program.auxiliaryParameters.trainable
    parameters.nonTrainable += program.auxiliaryParameters.nonTrainable
    optimizerParameterCount = program.optimizerParameterCount
    multiplyAccumulates = graph.multiplyAccumulates()
    weightBytes = graph.weightBytes()
    arithmetic = graph.values.contains { $0.type.quantization != nil } ? graph.arithmetic : nil
    batchNormCount = graph.nodes.count { if case .batchNorm = $0.op { true } else { false } }
    foldedParameters = batchNormCount > 0 ? graph.foldedParameterCount() : nil
    operatorCounts = graph.nodes.reduce(into: [:]) { $0[$1.op.name, default: 0] += 1 }
    otherGraphs = program.graphs.indices.filter { $0 != program.main }.map { program.graphs[$0].name }
    findings = notes + program.findings
    opaqueOperators = OpaqueOperatorSummary.all(in: graph)
  }

  /// How many nodes the graph has, however many rows stand for them.
  var nodeCount: Int { operatorCounts.values.reduce(0, +) }

  /// The summary with one row for each model that is nested `depth` deep or deeper; 0: one row for each model that the
  /// outermost one holds.
  public func collapsed(depth: Int) -> ModelSummary {
    var summary = self
    summary.layers = []
    var rest = layers[...]
    while let first = rest.first {
      guard depth >= 0, first.scope.count > depth else {
        summary.layers.append(first)
        rest = rest.dropFirst()
        continue
      }
      let inside = rest.call(depth: depth)
      summary.layers.append(LayerSummary(model: Array(first.scope.prefix(depth + 1)), layers: Array(inside)))
      rest = rest.dropFirst(inside.count)
    }
    return summary
  }
}

extension ArraySlice<LayerSummary> {
  /// The layers of one call of a model, from the first one on: those in the model that holds it at this depth, up to where
  /// its first node comes again, which is the model's next call.
  func call(depth: Int) -> ArraySlice<LayerSummary> {
    guard let first, first.scope.count > depth else { return self[startIndex..<startIndex] }
    let model = first.scope.prefix(depth + 1)
    let end = dropFirst().firstIndex { layer in
      !layer.scope.starts(with: model)
        || (layer.name == first.name && layer.operatorName == first.operatorName && layer.detail == first.detail)
    }
    return self[startIndex..<(end ?? endIndex)]
  }
}
