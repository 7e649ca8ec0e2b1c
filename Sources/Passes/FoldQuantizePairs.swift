public import ModelGraph

/// Makes one operator on counts of DequantizeLinear → operator → QuantizeLinear, under ONNX's arithmetic.
///
/// The rule, for operands and results of 8 bits with one scale each (weights may have one an output channel):
///
/// - *Same by definition.* An addition of counts means exactly this pair, float32 by float32 (``QuantizedArithmetic/onnx``), and
///   so does a concatenation. Operators that only move elements, and maxima, keep the counts where both sides of the pair have
///   the same scale: round(float32(s·k) / s) = k for every count k of 8 bits, the two roundings being worth 2⁻²³·k at most.
/// - *Same but for ties.* Convolutions, dense layers and averages become an exact integer sum A and one rescaling by the float32
///   multiplier M. In real numbers A·M and the sum that the pair computes are equal; the evaluations round differently: the
///   pair every operand, its sum (in float64, as the reference interpreter has it) and its quotient, the integer form A, M and
///   A·M. With S the largest possible Σ|(x − zₓ)(w − z_w)| + |b| of a channel, neither strays from the real number by more than
///   2⁻²⁰·S·M steps of the output. The fold is made where S fits 32 bits and S·M ≤ 2¹⁸, so that the two counts differ by one at
///   most, and only where A·M lies within 2⁻²⁰·S·M of a tie.
///   A clamp between sum and QuantizeLinear commutes with rounding, both being monotone.
/// - A bias has to be int32 without zero points, at scale sₓ·s_w within four float32 units of it: in A it counts as that scale.
///
/// Everything else keeps its pair and its exact meaning.
public struct FoldQuantizePairs: RewriteRule {
  public static let name = "fold-quantize-pairs"

  public init() {}

  public func apply(at node: Node, in graph: Graph) throws(ModelError) -> RuleOutcome {
    guard case .quantize(let quantize) = node.op, graph.arithmetic == .onnx, let input = node.input(0),
      let producer = graph.producer(of: input), producer.outputs.count == 1
    else { return .noMatch }
    if case .dequantize = producer.op { return backToTheSame(producer, node, graph) }
    let pairs = QuantizePairs(around: producer, step: node, in: graph)
    guard pairs.readsCounts else { return .noMatch }
    if let reason = obstacle(quantize, producer, node, graph) { return .rejected(reason) }
    let fold: QuantizePairs.Fold
    do {
      fold = try pairs.fold()
    } catch {
      return .rejected(error.reason)
    }
    var rewrite = Rewrite(
      of: graph, "\(producer.displayName) (\(producer.op.name)) works on counts, without the pairs around it")
    rewrite.remove(producer.id)
    rewrite.remove(node.id)
    for step in pairs.ownSteps { rewrite.remove(step) }
    var inputs = fold.inputs
    if let (position, bias) = fold.bias, let id = inputs[position] {
      inputs[position] = rewrite.constant(
        name: graph[id].name, bias, origin: graph[id].origin, isTrainable: graph[id].isTrainable)
    }
    rewrite.add(
      producer.op, name: producer.name, inputs: inputs, producing: node.outputs, origin: producer.origin + node.origin)
    return .rewrite(rewrite)
  }

  /// Counts that become real numbers and the same counts again.
  private func backToTheSame(_ producer: Node, _ node: Node, _ graph: Graph) -> RuleOutcome {
    guard let counts = producer.input(0), graph[counts].type.isCompatible(with: graph[node.outputs[0]].type),
      QuantizePairs.isNarrow(graph[counts].type)
    else { return .rejected("the counts change their scale; there is no operator between them to do it") }
    var rewrite = Rewrite(of: graph, "\(node.displayName) gives the counts back that \(producer.displayName) was given")
    rewrite.remove(node.id)
    if graph.soleConsumer(of: producer.outputs[0]) != nil { rewrite.remove(producer.id) }
    rewrite.replace(node.outputs[0], with: counts)
    return .rewrite(rewrite)
  }

  /// What stands against a fold on the side of the results.
  private func obstacle(_ quantize: Quantize, _ producer: Node, _ node: Node, _ graph: Graph) -> String? {
    guard quantize.roundsHalfToEven else { return "ties are rounded away from zero" }
    guard QuantizePairs.isNarrow(graph[node.outputs[0]].type) else {
      return "its result is no tensor of 8-bit counts with one scale"
    }
    guard graph.soleConsumer(of: producer.outputs[0]) != nil else {
      return "its result is read as real numbers too"
    }
    return nil
  }
}
