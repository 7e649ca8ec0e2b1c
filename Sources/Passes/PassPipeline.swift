public import ModelGraph

/// Passes in a fixed order. Each makes a graph by steps that are checked one by one; what comes out at the end is checked whole.
public struct PassPipeline: Sendable {
  private let passes: [any Pass]

  public init(_ passes: [any Pass]) { self.passes = passes }

  /// From a graph that is faithful to its file to the canonical form that every format shares.
  public static let canonical = PassPipeline([
    // First, so that no identity stands between two nodes that a later pass wants to see side by side.
    RemoveIdentities(),
    // Before everything that asks for constants: weights behind casts, targets of reshapes computed from shapes.
    FoldConstants(),
    // Before the folds: it cancels the transposes that stand between a padding, a convolution and a norm, and leaves
    // them one layout to look at.
    CanonicalizeLayout(),
    // Before the norm: a padding folded into its convolution brings the convolution next to what precedes it.
    RulePass(FoldPadding()),
    // Before the clamp: a convolution that clamps its output cannot take a norm that stands behind the clamp.
    RulePass(FoldBatchNorm()),
    RulePass(FuseClamp()),
    // Behind the folds above, which work on real numbers: what stands between the pairs is then one operator. Before the head,
    // whose Flatten stands between pairs of its own.
    RulePass(FoldQuantizePairs()),
    // What it left dequantized is wanted as real numbers; the engine reads filters that are constant.
    RulePass(DequantizeConstants()),
    // After the clamp, so that a head is matched without one between its nodes.
    RulePass(CanonicalizeHead()),
    // Behind all that change which node reads which.
    OrderOperands(),
    // Last: what the others left without a reader, and reshapes that have become idle.
    RemoveDead(),
  ])

  /// The names of the passes, in their order.
  public var passNames: [String] { passes.map(\.name) }

  /// Runs the passes that the options leave in.
  ///
  /// - Throws: `.usage` for a name that is none of ``passNames``; what the passes throw; `.internalFault` when they leave
  ///   a graph that is not valid.
  public func run(_ graph: Graph, options: PassOptions = PassOptions()) throws(ModelError) -> PassResult {
    try checkNames(options)
    var graph = graph
    var reports: [PassReport] = []
    for pass in passes {
      if !options.skipped.contains(pass.name), options.only?.contains(pass.name) ?? true {
        let outcome = try pass.run(graph)
        graph = outcome.graph
        reports.append(outcome.report)
      }
      if pass.name == options.stopAfter { break }
    }
    try graph.validate()
    return PassResult(graph: graph, reports: reports)
  }

  private func checkNames(_ options: PassOptions) throws(ModelError) {
    let asked = options.skipped.union(options.only ?? []).union([options.stopAfter].compactMap { $0 })
    let unknown = asked.subtracting(passNames).sorted()
    guard unknown.isEmpty else {
      throw ModelError(
        .usage, "no pass is named \(unknown.map { "'\($0)'" }.joined(separator: ", "))",
        hint: "the passes are " + passNames.joined(separator: ", "))
    }
  }
}
