import Ferry
import TestSupport
import Testing

/// The same weights in four files become the same graph.
@Suite(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
struct CanonicalGraphTests {
  private static func canonical(_ real: RealModel) throws(ModelError) -> Graph {
    try Model(contentsOf: real.path).converted().model.graph
  }

  /// An operator with its attributes, and the shapes of its constants and outputs with a batch of one.
  private static func nodeTexts(_ graph: Graph) throws(ModelError) -> [String] {
    let bindings = Dictionary(uniqueKeysWithValues: graph.batchSymbols.map { ($0, 1) })
    let fixed = try graph.specialized(bindings: bindings)
    return fixed.nodes.map { node in
      let constants = node.inputs.map { input in
        input.flatMap { fixed[$0].constant }.map { "\($0.type)" } ?? (input == nil ? "none" : "value")
      }
      let outputs = node.outputs.map { "\(fixed[$0].type)" }
      return "\(node.op.name)\(node.op.attributeText) \(constants) → \(outputs)"
    }
  }

  private static func constants(_ graph: Graph) throws(ModelError) -> [[Float]] {
    var result: [[Float]] = []
    for node in graph.nodes {
      for input in node.inputs {
        if let constant = input.flatMap({ graph[$0].constant }) { result.append(try constant.floats()) }
      }
    }
    return result
  }

  @Test(arguments: RealModel.imageNet.dropFirst())
  func nodesAreTheSameInTheSameOrder(real: RealModel) throws {
    let expected = try Self.nodeTexts(try Self.canonical(RealModel.imageNet[0]))
    let found = try Self.nodeTexts(try Self.canonical(real))
    #expect(found.count == expected.count)
    for (a, b) in zip(found, expected) { #expect(a == b) }
  }

  @Test(arguments: RealModel.imageNet.dropFirst())
  func weightsAreTheSame(real: RealModel) throws {
    let expected = try Self.constants(try Self.canonical(RealModel.imageNet[0]))
    let found = try Self.constants(try Self.canonical(real))
    #expect(found.count == expected.count)
    var worst = 0.0
    for (a, b) in zip(found, expected) { worst = max(worst, Difference(a, b).relativeToLargest) }
    // ONNX's exporter folded by the same rule in the same arithmetic; TensorFlow's converter by another.
    let isBitIdentical = real.file.hasSuffix(".onnx") || real.file.hasSuffix(".h5")
    #expect(worst <= (isBitIdentical ? 0 : 1e-6), "\(worst)")
  }
}
