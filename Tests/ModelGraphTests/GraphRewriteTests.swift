import Testing

@testable import ModelGraph

/// What ``Graph/apply(_:)-(Rewrite)`` makes of a graph, and what it refuses.
@Suite struct GraphRewriteTests {
  /// x → first (+ weight) → second → third → y, where `second` is an output as well.
  private struct Chain {
    let graph: Graph
    let x, weight, first, second, third: ValueID

    init(extent: Dimension = 4) throws {
      var builder = GraphBuilder(name: "chain")
      x = builder.input(name: "x", type: TensorType(.float32, [extent]))
      weight = builder.constant(name: "weight", try Tensor([Float(1), 2, 3, 4], shape: [4]))
      let source = [SourceNode(name: "first", operatorName: "Add", index: 0)]
      first = try builder.add(.binary(Binary(.add)), name: "first", inputs: [x, weight], origin: source)[0]
      second = try builder.add(.unary(Unary(.absolute)), name: "second", inputs: [first])[0]
      third = try builder.add(.unary(Unary(.negate)), name: "third", inputs: [second])[0]
      builder.output(second, name: "middle")
      builder.output(third, name: "y")
      graph = try builder.build()
    }

    func node(_ name: String) throws -> NodeID { try #require(graph.nodes.first { $0.name == name }).id }

    func rewrite(removing names: String...) throws -> Rewrite {
      var rewrite = Rewrite(of: graph, "a test")
      for name in names { rewrite.remove(try node(name)) }
      return rewrite
    }

    /// The message of the fault that the rewrite is refused with.
    func refusal(_ rewrite: Rewrite) -> String? {
      do throws(ModelError) {
        _ = try graph.apply(rewrite)
        return nil
      } catch {
        return error.code == .internalFault ? error.message : "\(error.code): \(error.message)"
      }
    }
  }

  private static let square = Op.unary(Unary(.square))

  // MARK: What is refused

  @Test func aValueReadWithoutAMakerIsRefused() throws {
    let chain = try Chain()
    #expect(
      chain.refusal(try chain.rewrite(removing: "first"))
        == "'second' reads a value that is not defined before it")
    var rewrite = try chain.rewrite()
    let made = rewrite.add(
      Self.square, name: "new", inputs: [chain.first], outputs: [OutputSpecification(name: "new")], origin: [])
    rewrite.remove(try chain.node("first"))
    rewrite.replace(chain.first, with: chain.x)
    #expect(made.count == 1 && chain.refusal(rewrite) == nil)
    #expect(chain.refusal(try chain.rewrite(removing: "third")) == "the output 'y' is never computed")
  }

  @Test func aValueThatTheGraphDoesNotKnowIsRefused() throws {
    let chain = try Chain()
    let nothing = ValueID(rawValue: 99)
    var rewrite = try chain.rewrite(removing: "third")
    rewrite.add(Self.square, name: "new", inputs: [chain.second], producing: [nothing], origin: [])
    #expect(chain.refusal(rewrite) == "a rewrite makes a value that the graph does not know")
    rewrite = try chain.rewrite()
    rewrite.replace(chain.second, with: nothing)
    #expect(chain.refusal(rewrite) == "a rewrite reads nothing for 'second'")
    rewrite = try chain.rewrite(removing: "third")
    rewrite.add(Self.square, name: "new", inputs: [nothing], producing: [chain.third], origin: [])
    #expect(chain.refusal(rewrite) == "malformed: input 0 is missing")
  }

  @Test func aValueMadeTwiceIsRefused() throws {
    let chain = try Chain()
    var rewrite = try chain.rewrite()
    rewrite.add(Self.square, name: "again", inputs: [chain.first], producing: [chain.second], origin: [])
    #expect(chain.refusal(rewrite) == "two nodes make the same value")
    // An input and a constant.
    for (made, read) in [(chain.x, chain.weight), (chain.weight, chain.x)] {
      var rewrite = try chain.rewrite()
      rewrite.add(Self.square, name: "again", inputs: [read], producing: [made], origin: [])
      #expect(chain.refusal(rewrite) == "'again' makes a value that exists already")
    }
  }

  @Test func aCycleIsRefused() throws {
    let chain = try Chain()
    var rewrite = try chain.rewrite(removing: "first")
    rewrite.add(
      .binary(Binary(.add)), name: "loop", inputs: [chain.x, chain.third], producing: [chain.first], origin: [])
    #expect(chain.refusal(rewrite)?.hasPrefix("the graph has a cycle through '") == true)
    rewrite = try chain.rewrite()
    rewrite.replace(chain.first, with: chain.third)
    #expect(chain.refusal(rewrite)?.hasPrefix("the graph has a cycle through '") == true)
  }

  @Test func aChangedTypeIsRefused() throws {
    let chain = try Chain()
    let source = SourceNode(name: "source", operatorName: "Cast", index: 7)
    var rewrite = try chain.rewrite(removing: "third")
    rewrite.add(
      .cast(Cast(to: .int32)), name: "cast", inputs: [chain.second], producing: [chain.third], origin: [source])
    let error = #expect(throws: ModelError.self) { try chain.graph.apply(rewrite) }
    #expect(error?.code == .internalFault)
    #expect(error?.message.hasPrefix("a rewrite changes 'third' from ") == true)
    #expect(error?.context == [source.frame])
    rewrite = try chain.rewrite(removing: "third")
    rewrite.add(
      .concat(Concat(axis: 0)), name: "longer", inputs: [chain.second, chain.second], producing: [chain.third],
      origin: [])
    #expect(chain.refusal(rewrite)?.hasPrefix("a rewrite changes 'third' from ") == true)
  }

  @Test func aReplacementByAnIncompatibleTypeIsRefused() throws {
    let chain = try Chain()
    for tensor in [try Tensor([Float(1)], shape: [1]), try Tensor([Int64(1), 2, 3, 4], shape: [4])] {
      var rewrite = try chain.rewrite()
      rewrite.replace(chain.second, with: rewrite.constant(name: "other", tensor))
      #expect(chain.refusal(rewrite) == "a rewrite reads \(tensor.type) for 'second'")
    }
  }

  @Test func aWrongNumberOfOutputsIsRefused() throws {
    let chain = try Chain()
    var rewrite = try chain.rewrite(removing: "second", "third")
    rewrite.add(Self.square, name: "two", inputs: [chain.first], producing: [chain.second, chain.third], origin: [])
    #expect(chain.refusal(rewrite) == "a rewrite gives 'two' 2 outputs")
    rewrite = try chain.rewrite()
    _ = rewrite.add(Self.square, name: "none", inputs: [chain.first], outputs: [], origin: [])
    #expect(chain.refusal(rewrite) == "a rewrite gives 'none' 0 outputs")
  }

  @Test func whatANewNodeCannotReadIsNamed() throws {
    let chain = try Chain()
    var rewrite = try chain.rewrite()
    let specification = OutputSpecification(name: "new")
    _ = rewrite.add(.concat(Concat(axis: 3)), name: "new", inputs: [chain.first], outputs: [specification], origin: [])
    let error = #expect(throws: ModelError.self) { try chain.graph.apply(rewrite) }
    #expect(error?.context == [.node(name: "new", operator: "concat", index: nil)])
  }

  // MARK: What comes out

  @Test func namesStayUnique() throws {
    let chain = try Chain()
    var rewrite = try chain.rewrite(removing: "first", "second")
    let constant = rewrite.constant(name: "x", try Tensor([Float(1), 1, 1, 1], shape: [4]))
    let made = rewrite.add(
      .binary(Binary(.add)), name: "third", inputs: [chain.x, constant], outputs: [OutputSpecification(name: "first")],
      origin: [])
    let more = rewrite.add(
      Self.square, name: "second", inputs: made, outputs: [OutputSpecification(name: "third")], origin: [])
    rewrite.add(Self.square, name: "third", inputs: more, producing: [chain.second], origin: [])
    let graph = try chain.graph.apply(rewrite)
    try graph.validate()
    // The names of what goes are free: a node's `second`, a value's `first`.
    #expect(graph.nodes.map(\.name) == ["third#1", "second", "third#2", "third"])
    #expect(graph.values.map(\.name).sorted() == ["first", "second", "third", "third#1", "x", "x#1"])
    #expect(graph[constant].name == "x#1" && graph[made[0]].name == "first" && graph[more[0]].name == "third#1")
  }

  @Test func constantsThatNobodyReadsGo() throws {
    let chain = try Chain()
    var rewrite = try chain.rewrite(removing: "first")
    let unread = rewrite.constant(name: "unread", try Tensor([Float(1)], shape: [1]))
    rewrite.add(Self.square, name: "new", inputs: [chain.x], producing: [chain.first], origin: [])
    let graph = try chain.graph.apply(rewrite)
    try graph.validate()
    #expect(graph.value(chain.weight) == nil && graph.value(unread) == nil)
    #expect(graph.values.map(\.name) == ["x", "first", "second", "third"])
    #expect(chain.graph.value(chain.weight) != nil)
  }

  @Test func newNodesStandWhereTheOldOnesStood() throws {
    let chain = try Chain()
    var rewrite = try chain.rewrite(removing: "second")
    let squared = rewrite.add(
      Self.square, name: "a", inputs: [chain.first], outputs: [OutputSpecification(name: "a")], origin: [])
    rewrite.add(.unary(Unary(.squareRoot)), name: "b", inputs: squared, producing: [chain.second], origin: [])
    let graph = try chain.graph.apply(rewrite)
    try graph.validate()
    #expect(graph.nodes.map(\.name) == ["first", "a", "b", "third"])
    // The made value is the one it was.
    #expect(graph[chain.second].name == "second" && graph.outputs.map(\.value) == [chain.second, chain.third])
    // Moved where order demands it: it takes the place of the first node, and reads what the last one makes.
    var late = try chain.rewrite(removing: "first")
    late.replace(chain.first, with: chain.x)
    let end = late.add(
      Self.square, name: "late", inputs: [chain.third], outputs: [OutputSpecification(name: "late")], origin: [])
    let moved = try chain.graph.apply(late)
    #expect(moved.nodes.map(\.name) == ["second", "third", "late"])
    #expect(moved.value(end[0])?.type == TensorType(.float32, [4]))
  }

  @Test func replacementsReachNodesAndOutputs() throws {
    let chain = try Chain()
    var rewrite = try chain.rewrite(removing: "second")
    rewrite.replace(chain.second, with: chain.first)
    let graph = try chain.graph.apply(rewrite)
    try graph.validate()
    #expect(graph.nodes.map(\.inputs) == [[chain.x, chain.weight], [chain.first]])
    #expect(graph.outputs.map(\.value) == [chain.first, chain.third])
    #expect(graph.outputs.map(\.name) == ["middle", "y"])
  }

  /// The type of a new value is inferred; a reader of a replacement keeps the type it had.
  @Test func readersOfAReplacementAreNotInferredAgain() throws {
    var builder = GraphBuilder(name: "open")
    let x = builder.input(name: "x", type: TensorType(.float32, [.symbolic("N")]))
    let a = try builder.add(Self.square, name: "a", inputs: [x])[0]
    let b = try builder.add(Self.square, name: "b", inputs: [a])[0]
    builder.output(b, name: "y")
    let graph = try builder.build()
    var rewrite = Rewrite(of: graph, "a test")
    let constant = rewrite.constant(name: "four", try Tensor([Float(1), 2, 3, 4], shape: [4]))
    let made = rewrite.add(
      Self.square, name: "new", inputs: [constant], outputs: [OutputSpecification(name: "new")], origin: [])
    rewrite.replace(a, with: made[0])
    rewrite.remove(try #require(graph.producer(of: a)).id)
    let result = try graph.apply(rewrite)
    #expect(result[made[0]].type == TensorType(.float32, [4]))
    #expect(result[b].type == TensorType(.float32, [.symbolic("N")]))
    try result.validate()
  }

  @Test func severalRewritesApplyTogether() throws {
    let chain = try Chain()
    func scaling(_ name: String, _ factor: Float) throws -> Rewrite {
      var rewrite = try chain.rewrite(removing: name)
      let node = chain.graph[try chain.node(name)]
      let constant = rewrite.constant(name: "factor", try Tensor([factor], shape: [1]))
      let scaled = rewrite.add(
        .binary(Binary(.multiply)), name: "scale", inputs: [node.inputs[0], constant],
        outputs: [OutputSpecification(name: "scaled")], origin: [])
      rewrite.replace(node.outputs[0], with: scaled[0])
      return rewrite
    }
    let rewrites = [try scaling("first", 2), try scaling("third", 3)]
    // Each numbers its new values from the same one on.
    #expect(rewrites[0].newConstants.map(\.id) == rewrites[1].newConstants.map(\.id))
    let graph = try chain.graph.apply(rewrites)
    try graph.validate()
    #expect(graph.nodes.map(\.name) == ["scale", "second", "scale#1"])
    #expect(graph.values.map(\.name).sorted() == ["factor", "factor#1", "scaled", "scaled#1", "second", "x"])
    #expect(try graph.nodes.compactMap { try graph.constant($0, 1)?.floats() } == [[2], [3]])
    #expect(graph.outputs.map { graph[$0.value].name } == ["second", "scaled#1"])
    #expect(Set(graph.nodes.map(\.id)).count == 3)
    #expect(try chain.graph.apply([]).nodes.map(\.name) == ["first", "second", "third"])
  }
}
