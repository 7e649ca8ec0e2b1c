public import ModelGraph
import ReferenceInterpreter

/// Makes real numbers of constant counts that no operator on counts reads.
///
/// Weights behind a dequantization stay counts for as long as an operator on counts may want them (``FoldConstants`` leaves them).
/// What is still dequantized after ``FoldQuantizePairs`` is read as real numbers, on every run: once is enough.
public struct DequantizeConstants: RewriteRule {
  public static let name = "dequantize-constants"

  /// The largest constant that is made, in bytes.
  private static let largestConstant = 1 << 30

  public init() {}

  public func apply(at node: Node, in graph: Graph) throws(ModelError) -> RuleOutcome {
    // Half-precision weights are no counts: they are ``FoldConstants``' to widen.
    guard case .dequantize = node.op, let counts = graph.constant(node, 0), counts.type.quantization != nil,
      let id = node.input(0)
    else { return .noMatch }
    let type = graph[node.outputs[0]].type
    guard let size = type.elementType.byteCount(elementCount: counts.elementCount), size <= Self.largestConstant else {
      return .rejected("the result would be too large")
    }
    let numbers = try ReferenceInterpreter.evaluate(
      node.op, [counts], outputTypes: [type], arithmetic: graph.arithmetic)
    var rewrite = Rewrite(of: graph, "\(node.displayName) is read as real numbers: \(type)")
    rewrite.remove(node.id)
    let constant = rewrite.constant(
      name: graph[node.outputs[0]].name, numbers[0], origin: graph[node.outputs[0]].origin,
      isTrainable: graph[id].isTrainable)
    rewrite.replace(node.outputs[0], with: constant)
    return .rewrite(rewrite)
  }
}
