import ModelGraph
import Testing
import Verification

/// Layers found by their origins, fed the reference's values or their own.
struct VerifierTests {
  /// The source: channels first, x → double → double → double.
  private static func source() throws(ModelError) -> Graph {
    var builder = GraphBuilder(name: "source")
    let type = TensorType(.float32, [1, 2, 3])
    let x = builder.input(name: "x", type: type, origin: ValueOrigin(name: "x"))
    let two = builder.constant(name: "two", try Tensor([Float(2)], shape: [1]))
    var value = x
    for name in ["a", "b", "c"] {
      value = try builder.add(
        .binary(Binary(.multiply)), name: name, inputs: [value, two],
        outputs: [OutputSpecification(name: name, origin: ValueOrigin(name: name))],
        origin: [SourceNode(name: "node \(name)", operatorName: "Mul")])[0]
    }
    builder.output(value, name: "c")
    return try builder.build()
  }

  /// The candidate: the last two axes exchanged; the factor of each layer as given.
  private static func candidate(factors: [Float]) throws(ModelError) -> Graph {
    var builder = GraphBuilder(name: "candidate")
    let x = builder.input(
      name: "x", type: TensorType(.float32, [1, 3, 2]), origin: ValueOrigin(name: "x", permutation: [0, 2, 1]),
      permutation: [0, 2, 1])
    var value = x
    for (name, factor) in zip(["a", "b", "c"], factors) {
      let constant = builder.constant(name: "factor \(name)", try Tensor([factor], shape: [1]))
      value = try builder.add(
        .binary(Binary(.multiply)), name: "canonical \(name)", inputs: [value, constant],
        outputs: [OutputSpecification(name: name, origin: ValueOrigin(name: name, permutation: [0, 2, 1]))],
        origin: [SourceNode(name: "node \(name)", operatorName: "Mul")])[0]
    }
    builder.output(value, name: "c", permutation: [0, 2, 1])
    return try builder.build()
  }

  private static let input: [Float] = [1, 2, 3, 4, 5, 6]

  private static func compare(
    factors: [Float], _ verifier: Verifier
  ) throws -> GraphComparison {
    try verifier.compare(
      inputs: [try Tensor(input, shape: [1, 2, 3])], candidate: try ReferenceRunner(try candidate(factors: factors)),
      reference: try ReferenceRunner(try source()))
  }

  @Test(arguments: [false, true])
  func equalNetworks(isCumulative: Bool) throws {
    let found = try Self.compare(factors: [2, 2, 2], Verifier(isCumulative: isCumulative))
    #expect(found.layers.map(\.comparison.name) == ["a", "b", "c"])
    #expect(found.layers.allSatisfy { $0.comparison.metrics.maximumAbsolute == 0 })
    #expect(found.outputs.map(\.metrics.maximumAbsolute) == [0])
    #expect(found.unmatchedNodes.isEmpty)
  }

  /// Steps within a layer of the source have names of their own and no origin: they stand in nobody's way.
  @Test func aStepWithinALayerMayCarryItsName() throws {
    var builder = GraphBuilder(name: "layer of two steps")
    let x = builder.input(name: "x", type: TensorType(.float32, [3]), origin: ValueOrigin(name: "x"))
    let negative = try builder.add(.unary(Unary(.negate)), name: "layer", inputs: [x])[0]
    let result = try builder.add(
      .unary(Unary(.absolute)), name: "layer/absolute", inputs: [negative],
      outputs: [OutputSpecification(name: "layer/absolute", origin: ValueOrigin(name: "layer"))])[0]
    builder.output(result, name: "y")
    let graph = try builder.build()
    let found = try Verifier().compare(
      inputs: [try Tensor([Float(1), -2, 3], shape: [3])], candidate: try ReferenceRunner(graph),
      reference: try ReferenceRunner(graph))
    #expect(found.layers.map(\.comparison.name) == ["layer"])
    #expect(found.unmatchedNodes == ["layer"])
  }

  /// x · weights, whose value has no counterpart, and what follows it in the same layer.
  private static func hidden(behind op: Op, _ operands: [Float]? = nil) throws -> Graph {
    var builder = GraphBuilder(name: "hidden")
    let source = SourceNode(name: "layer", operatorName: "Layer")
    let x = builder.input(name: "x", type: TensorType(.float32, [1, 3]), origin: ValueOrigin(name: "x"))
    let weights = builder.constant(name: "weights", try Tensor([Float(1), 2, 3], shape: [3]))
    let hidden = try builder.add(
      .binary(Binary(.multiply)), name: "layer/scaled", inputs: [x, weights], origin: [source])[0]
    let operand = try operands.map { builder.constant(name: "operand", try Tensor($0, shape: [$0.count])) }
    let result = try builder.add(
      op, name: "layer", inputs: [hidden] + (operand.map { [$0] } ?? []),
      outputs: [OutputSpecification(name: "layer", origin: ValueOrigin(name: "layer"))], origin: [source])[0]
    builder.output(result, name: "y")
    return try builder.build()
  }

  /// What a function that saturates may hide is not compared; what only a sum stands behind is.
  @Test(arguments: [false, true])
  func weightsThatNothingAnswersFor(isCumulative: Bool) throws {
    func compare(_ graph: Graph) throws -> GraphComparison {
      try Verifier(isCumulative: isCumulative).compare(
        inputs: [try Tensor([Float(1), -2, 3], shape: [1, 3])], candidate: try ReferenceRunner(graph),
        reference: try ReferenceRunner(graph))
    }
    let saturated = try compare(try Self.hidden(behind: .softmax(Softmax(axis: 1))))
    #expect(saturated.unmatchedNodes == ["layer/scaled"])
    #expect(saturated.uncomparedNodes == ["layer/scaled"])
    let shifted = try compare(try Self.hidden(behind: .binary(Binary(.add)), [4, 5, 6]))
    #expect(shifted.unmatchedNodes == ["layer/scaled"])
    #expect(shifted.uncomparedNodes.isEmpty)
  }

  @Test func aNodeWithWeightsThatWasNotComparedIsNoPass() throws {
    let output = try TensorComparison(
      name: "y", try Tensor([Float(1)], shape: [1]), reference: try Tensor([Float(1)], shape: [1]))
    var result = VerificationResult(reference: "r", candidate: .engine, outputs: [output])
    #expect(result.verdict == .passed)
    result.uncomparedNodes = ["dense"]
    #expect(result.verdict == .incomplete)
    #expect(!result.isPassed)
  }

  @Test func aFaultStaysInItsLayer() throws {
    let found = try Self.compare(factors: [2, 3, 2], Verifier())
    #expect(found.layers.map(\.isWithin) == [true, false, true])
    #expect(found.layers[1].sourceNodes.map(\.name) == ["node b"])
    #expect(found.outputs.map(\.isWithin) == [false])
  }

  @Test func aFaultCarriesOnCumulatively() throws {
    let found = try Self.compare(factors: [2, 3, 2], Verifier(isCumulative: true))
    #expect(found.layers.map(\.isWithin) == [true, false, false])
  }

  @Test(arguments: [false, true])
  func failFast(isCumulative: Bool) throws {
    let found = try Self.compare(factors: [2, 3, 5], Verifier(isCumulative: isCumulative, failsFast: true))
    #expect(found.layers.map(\.isWithin) == [true, false])
    #expect(found.isStopped)
    #expect(found.outputs.isEmpty)
  }

  @Test func nothingComparedIsNoPass() {
    #expect(!VerificationResult(reference: "r", candidate: .engine, outputs: []).isPassed)
  }
}
