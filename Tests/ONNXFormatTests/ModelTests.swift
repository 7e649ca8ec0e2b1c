import FormatSupport
import ModelGraph
import ONNXFormat
import TestSupport
import Testing

@Suite struct ModelTests {
  @Test func namesAreUniqueAndOriginsKept() throws {
    let graph = try Fixtures.graph("names")
    #expect(graph.nodes.map(\.name) == ["Relu_0", "same", "same#1"])
    #expect(
      graph.nodes.map(\.origin) == [
        [SourceNode(name: "", operatorName: "Relu", index: 0)],
        [SourceNode(name: "same", operatorName: "Relu", index: 1)],
        [SourceNode(name: "same", operatorName: "Relu", index: 2)],
      ])
    #expect(graph[graph.nodes[0].outputs[0]].origin == ValueOrigin(name: "/block/Relu_output_0"))
  }

  /// Bounds became inputs with version 11: before, inputs besides the first are no bounds, and no operands of the operator.
  @Test func inputsOfLaterVersionsAreRefused() throws {
    for (name, version, inputs) in [
      ("Clip", 10, 3), ("Slice", 9, 3), ("Split", 11, 2), ("Pad", 10, 2), ("Dropout", 11, 2),
    ] {
      let node = (0..<inputs).reduce(MessageBuilder()) { node, _ in node.text(1, "x") }.text(2, "y").text(4, name)
      let graph = MessageBuilder().message(1, node).message(11, MessageBuilder.value("x"))
        .message(12, MessageBuilder.value("y"))
      let model = MessageBuilder().int(1, 8).message(7, graph)
        .message(8, MessageBuilder().int(2, UInt64(version)))
      let error = #expect(throws: ModelError.self, "\(name)") { try Fixtures.read(model.bytes) }
      #expect(error?.message == "\(inputs) inputs, \(name) of version \(version) has at most 1")
    }
  }

  /// A lower bound at the upper end of the numbers is a bound, and so the other way round.
  @Test func onlyTheOwnEndOfTheNumbersIsNoBound() throws {
    let largest = Float.greatestFiniteMagnitude
    for (lower, upper, expected) in [
      (-Float.infinity, largest, ClampRange.unbounded), (largest, .infinity, ClampRange(lower: largest)),
      (-largest, -largest, ClampRange(upper: -largest)),
    ] {
      func tensor(_ value: Float, _ name: String) -> MessageBuilder {
        let bits = value.bitPattern
        return MessageBuilder().int(2, 1).text(8, name).bytes(
          9, (0..<4).map { UInt8(truncatingIfNeeded: bits >> ($0 * 8)) })
      }
      let node = MessageBuilder().text(1, "x").text(1, "lower").text(1, "upper").text(2, "y").text(4, "Clip")
      let graph = MessageBuilder().message(1, node).message(5, tensor(lower, "lower")).message(
        5, tensor(upper, "upper")
      )
      .message(11, MessageBuilder.value("x")).message(12, MessageBuilder.value("y"))
      let read = try Fixtures.read(MessageBuilder.model(graph).bytes).mainGraph
      #expect(read.nodes.map(\.op) == [.clamp(Clamp(expected))])
    }
  }

  @Test func unsortedNodesAreSorted() throws {
    let graph = try Fixtures.graph("unsorted")
    #expect(graph.nodes.map(\.name) == ["sooner", "later"])
    #expect(graph.nodes.map { $0.origin.first?.index } == [1, 0])
  }

  @Test func openExtentsFollowFromInputs() throws {
    let graph = try Fixtures.graph("flatten_by_shape")
    #expect(graph[graph.inputs[0].value].type.shape == [.symbolic("batch"), 2, 6, 6])
    #expect(graph[graph.outputs[0].value].type.shape == [.symbolic("batch"), 72])
    #expect(graph.batchSymbols == ["batch"])
  }

  @Test func initializersAreNoInputs() throws {
    let graph = try Fixtures.graph("ir_3")
    #expect(graph.inputs.map(\.name) == ["x"])
    #expect(graph.parameterCount() == ParameterCount(trainable: 76, nonTrainable: 0))
  }

  @Test func movingStatisticsAreNotTrainable() throws {
    #expect(try Fixtures.graph("batch_norm_9").parameterCount() == ParameterCount(trainable: 4, nonTrainable: 4))
  }

  @Test func contradictingTypeIsAFinding() throws {
    let program = try Fixtures.read("contradiction")
    #expect(program.findings.map(\.code) == ["contradicting-type"])
    #expect(program.findings.first?.nodes == [SourceNode(name: "", operatorName: "Relu", index: 0)])
    #expect(program.findings.first?.message.contains("[1, 2, 5, 5]") == true)
  }

  @Test func unknownOperatorsKeepTheirAttributes() throws {
    let graph = try Fixtures.graph("unknown_operators")
    #expect(graph.opaqueNodes.count == 2)
    guard case .opaque(let first) = graph.nodes[0].op else { return }
    #expect(first.domain == "com.example")
    #expect(first.version == 2)
    #expect(first.attributes == ["level": .integer(3), "words": .strings(["p", "q"])])
    let error = #expect(throws: ModelError.self) { try graph.requireNoOpaqueNodes() }
    #expect(error?.message.contains("Mystery ") == true && error?.message.contains("Mystery2") == true)
  }

  /// What a branch reads of the outer graph stays an input of the node.
  @Test func branchesKeepWhatTheyRead() throws {
    let graph = try Fixtures.graph("branches")
    let node = try #require(graph.nodes.first)
    #expect(node.inputs.compactMap { $0.map { graph[$0].name } } == ["condition", "x"])
  }

  @Test func functionsAreInlined() throws {
    let graph = try Fixtures.graph("function_call")
    #expect(graph.nodes.map(\.op.name) == ["binary"])
    #expect(graph.nodes[0].origin == [SourceNode(name: "Halve@1/Mul", operatorName: "Mul", index: 0)])
  }

  @Test func metadata() throws {
    let program = try Fixtures.read("unknown_operators")
    #expect(program.source == "ONNX IR 7, opset 13")
    #expect(program.metadata == ["producer": "fixtures", "operator_sets": "com.example 2"])
  }

  @Test(arguments: ["storage", "clip_6", "ir_3", "names"]) func recognisesModels(_ name: String) throws {
    let bytes = try #require(TemporaryFolder.bytes(of: Fixtures.path(name + ".onnx")))
    #expect(ONNXFormat.matches(header: Array(bytes.prefix(64))))
  }

  @Test(arguments: [
    [], Array("{\"a\": 1}".utf8), Array("Because this is text, it is no model of any kind at all, is it?".utf8),
    Array(":: a line of text ::".utf8), [0x1C, 0, 0, 0] + Array("TFL3".utf8), [0x89] + Array("HDF\r\n".utf8),
    [0x50, 0x4B, 3, 4], [0x08, 0x00], [UInt8](repeating: 0, count: 64), [UInt8](repeating: 0xFF, count: 64),
  ]) func recognisesNothingElse(_ header: [UInt8]) {
    #expect(!ONNXFormat.matches(header: header))
  }
}
