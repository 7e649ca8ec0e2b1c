import ModelGraph
import Testing

@Suite struct GraphTests {
  /// x → conv → clamp → y, with the pieces a rewrite needs.
  private func convolutionAndClamp() throws -> Graph {
    var builder = GraphBuilder(name: "net")
    let x = builder.input(name: "x", type: TensorType(.float32, .ranked([.symbolic("batch"), 8, 8, 3])))
    let filter = builder.constant(
      name: "w", try Tensor([Float](repeating: 0.5, count: 36), shape: [4, 1, 1, 9]).reshaped(to: [4, 1, 3, 3]))
    let conv = try builder.add(
      .conv2D(Conv2D(padding: .same(.upper), layout: .channelsLast)), name: "conv",
      inputs: [x, filter].map { $0 }, origin: [SourceNode(name: "c", operatorName: "Conv")])
    let clamp = try builder.add(
      .clamp(Clamp(.relu6)), name: "relu", inputs: [conv[0]], origin: [SourceNode(name: "r", operatorName: "Clip")])
    builder.output(clamp[0], name: "y")
    return try builder.build()
  }

  private func fused(_ graph: Graph, op: Op? = nil) -> Rewrite {
    let conv = graph.nodes[0]
    let clamp = graph.nodes[1]
    var rewrite = Rewrite(of: graph, "fused relu into conv")
    rewrite.remove(conv.id)
    rewrite.remove(clamp.id)
    rewrite.add(
      op ?? .conv2D(Conv2D(padding: .same(.upper), outputClamp: .relu6)), name: "conv", inputs: conv.inputs,
      producing: clamp.outputs, origin: conv.origin + clamp.origin)
    return rewrite
  }

  @Test func namesAreUniqueAndValuesTyped() throws {
    let graph = try convolutionAndClamp()
    try graph.validate()
    #expect(graph.nodes.map(\.name) == ["conv", "relu"])
    #expect(graph[graph.outputs[0].value].type.shape == .ranked([.symbolic("batch"), 8, 8, 4]))
    #expect(graph.soleConsumer(of: graph.nodes[0].outputs[0])?.name == "relu")
    #expect(graph.producer(of: graph.outputs[0].value)?.name == "relu")
  }

  @Test func repeatedAndEmptyNamesAreNumbered() throws {
    var builder = GraphBuilder(name: "net")
    let x = builder.input(name: "x", type: TensorType(.float32, [4]))
    let a = try builder.add(.identity(Identity()), name: "same", inputs: [x])
    let b = try builder.add(.identity(Identity()), name: "same", inputs: a)
    let c = try builder.add(.identity(Identity()), name: "", inputs: b)
    builder.output(c[0], name: "y")
    #expect(try builder.build().nodes.map(\.name) == ["same", "same#1", "unnamed#1"])
  }

  @Test func aRewriteKeepsNamesTypesAndOrigins() throws {
    let graph = try convolutionAndClamp()
    let after = try graph.apply(fused(graph))
    #expect(after.nodes.count == 1)
    #expect(after.nodes[0].origin.map(\.name) == ["c", "r"])
    #expect(after[after.outputs[0].value].name == "relu")
    #expect(after.values.count == graph.values.count - 1)
    #expect(graph.nodes.count == 2, "the graph before is a snapshot")
  }

  @Test func aRewriteThatChangesAResultIsRefused() throws {
    let graph = try convolutionAndClamp()
    #expect(throws: ModelError.self) {
      try graph.apply(fused(graph, op: .conv2D(Conv2D(padding: .valid, outputClamp: .relu6))))
    }
    var leavesUndefined = Rewrite(of: graph, "drops the clamp")
    leavesUndefined.remove(graph.nodes[1].id)
    #expect(throws: ModelError.self) { try graph.apply(leavesUndefined) }
    var twice = Rewrite(of: graph, "makes a value twice")
    twice.add(
      .identity(Identity()), name: "i", inputs: [graph.inputs[0].value], producing: graph.nodes[1].outputs, origin: [])
    #expect(throws: ModelError.self) { try graph.apply(twice) }
  }

  @Test func aCycleIsRefused() throws {
    let graph = try convolutionAndClamp()
    var rewrite = Rewrite(of: graph, "cycle")
    let added = rewrite.add(
      .identity(Identity()), name: "i", inputs: [graph.nodes[1].outputs[0]],
      outputs: [OutputSpecification(name: "i")], origin: [])
    rewrite.remove(graph.nodes[1].id)
    rewrite.add(.clamp(Clamp(.relu6)), name: "relu", inputs: added, producing: graph.nodes[1].outputs, origin: [])
    #expect(throws: ModelError.self) { try graph.apply(rewrite) }
  }

  @Test func specializationBindsEverySymbol() throws {
    let graph = try convolutionAndClamp()
    let bound = try graph.specialized(inputShapes: [[2, 8, 8, 3]])
    #expect(bound[bound.outputs[0].value].type.shape == [2, 8, 8, 4])
    #expect(throws: ModelError.self) { try graph.specialized(inputShapes: [[2, 9, 8, 3]]) }
    #expect(throws: ModelError.self) { try graph.specialized(inputShapes: []) }
  }

  @Test func countsArePerBatchOfOne() throws {
    let graph = try convolutionAndClamp()
    #expect(graph.multiplyAccumulates() == 8 * 8 * 4 * 9)
    #expect(graph.parameterCount() == ParameterCount(trainable: 36))
  }

  @Test func sharedParametersCountOnce() throws {
    var builder = GraphBuilder(name: "shared")
    let x = builder.input(name: "x", type: TensorType(.float32, [1, 3]))
    let weights = builder.constant(name: "w", try Tensor([Float](repeating: 1, count: 9), shape: [3, 3]))
    let first = try builder.add(.fullyConnected(FullyConnected()), name: "a", inputs: [x, weights])
    let second = try builder.add(.fullyConnected(FullyConnected()), name: "b", inputs: [first[0], weights])
    builder.output(second[0], name: "y")
    let graph = try builder.build()
    #expect(graph.parameterCount().total == 9)
    #expect(graph.nodes.map { graph.parameterCount(of: $0).total } == [9, 9])
  }

  @Test func theTextIsStable() throws {
    let text = try convolutionAndClamp().description
    #expect(
      text == """
        graph 'net' {
          input 'x' = %x: float32[batch, 8, 8, 3]
          constant %w: float32[4, 1, 3, 3]
          %conv: float32[batch, 8, 8, 4] = conv2d(%x, %w) {strides: 1×1, dilation: 1×1, padding: same-upper, groups: 1, layout: channelsLast, filterLayout: outputHeightWidthInput, outputClamp: unbounded}  // 'c' (Conv)
          %relu: float32[batch, 8, 8, 4] = clamp(%conv) {range: relu6}  // 'r' (Clip)
          output 'y' = %relu: float32[batch, 8, 8, 4]
        }

        """)
  }

  @Test func outputsContradictingTheFileAreRefused() throws {
    var builder = GraphBuilder(name: "net")
    let x = builder.input(name: "x", type: TensorType(.float32, [4]))
    #expect(throws: ModelError.self) {
      try builder.add(
        .identity(Identity()), name: "i", inputs: [x],
        outputs: [OutputSpecification(name: "i", statedType: TensorType(.float32, [5]))])
    }
    #expect(throws: ModelError.self) {
      try builder.add(.identity(Identity()), name: "i", inputs: [ValueID(rawValue: 99)])
    }
  }

  @Test func opaqueOperatorsAreAllNamed() throws {
    var builder = GraphBuilder(name: "net")
    var value = builder.input(name: "x", type: TensorType(.float32, [4]))
    for name in ["First", "Second"] {
      let op = OpaqueOp(
        domain: "custom", operatorName: name, version: nil, statedOutputTypes: [TensorType(.float32, [4])],
        reason: "a custom operator")
      value = try builder.add(.opaque(op), name: name, inputs: [value])[0]
    }
    builder.output(value, name: "y")
    let graph = try builder.build()
    let error = #expect(throws: ModelError.self) { try graph.requireNoOpaqueNodes() }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("First") == true && error?.message.contains("Second") == true)
  }
}
