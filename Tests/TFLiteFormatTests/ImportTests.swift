import FormatSupport
import ModelGraph
import TFLiteFormat
import TestSupport
import Testing

struct ImportTests {
  @Test func theFormatIsRecognisedByItsIdentifier() throws {
    let bytes = try TFLiteGolden.bytes("no_buffers")
    #expect(TFLiteFormat.matches(header: Array(bytes.prefix(64))))
    #expect(!TFLiteFormat.matches(header: Array(bytes.prefix(7))))
    #expect(!TFLiteFormat.matches(header: Array("a text that is long enough".utf8)))
  }

  @Test func whatRealWritersLeaveOut() throws {
    let program = try TFLiteGolden.program("odd_but_valid")
    let graph = program.mainGraph
    #expect(graph.name == "subgraph 0")
    #expect(graph.inputs.map(\.name) == ["input0"])
    #expect(graph.outputs.map(\.name) == ["output0", "same name", "same name#1"])
    #expect(graph.nodes.map(\.op.name) == ["conv2d", "conv2d", "binary"])
    #expect(graph.nodes.map(\.origin.first?.name) == ["same name", "same name", ""])
    // Two tensors over one buffer are one constant.
    #expect(graph.values.filter { $0.constant != nil }.count == 1)
    #expect(graph.parameterCount().total == 6)
    // A tensor without a shape takes the inferred one.
    #expect(graph.type(graph.nodes[2], 0) == graph[graph.nodes[2].outputs[0]].type)
    #expect(program.findings.map(\.code) == ["unused-tensors"])
    #expect(program.findings.first?.message.contains("'unused'") == true)
    try graph.validate()
  }

  @Test func aModelWithoutBuffers() throws {
    let graph = try TFLiteGolden.program("no_buffers").mainGraph
    #expect(graph.nodes.map(\.op) == [.clamp(Clamp(.relu))])
  }

  @Test func weightsBehindTheFlatbuffer() throws {
    let program = try TFLiteGolden.program("buffer_behind")
    let graph = program.mainGraph
    let weights = try #require(graph.constant(graph.nodes[0], 1))
    #expect(try weights.floats() == (0..<12).map(Float.init))
    guard case .opaque(let custom) = graph.nodes[1].op else {
      Issue.record("no custom operator")
      return
    }
    #expect(custom.attributes == ["custom_options": .description("5 bytes")])
    // What the buffers point at belongs to the model.
    #expect(!program.findings.map(\.code).contains("trailing-bytes"))
  }

  @Test func severalSubgraphsAndSignatures() throws {
    let program = try TFLiteGolden.program("several_graphs")
    #expect(program.graphs.map(\.name) == ["main", "then", "else"])
    #expect(program.main == 0)
    #expect(
      program.signatures == [
        Signature(
          name: "choose", graph: 0, inputs: ["condition": "condition", "x": "x"], outputs: ["y": "y"]),
        Signature(name: "absolute", graph: 1, inputs: ["input0": "input0"], outputs: ["y": "y"]),
      ])
    #expect(program.graphs[1].nodes.map(\.op) == [.unary(Unary(.absolute))])
    #expect(program.graphs[1][program.graphs[1].outputs[0].value].type.description == "float32[batch, 3]")
    guard case .opaque(let op)? = program.mainGraph.nodes.first?.op else {
      Issue.record("IF has a meaning")
      return
    }
    #expect(op.attributes == ["then_subgraph_index": .integer(1), "else_subgraph_index": .integer(2)])
    #expect(
      program.mainGraph.inputs.map { program.mainGraph[$0.value].type.description } == ["bool[]", "float32[batch, 3]"])
  }

  @Test func operatorsWithoutAMeaningAreKeptWithTheirReasons() throws {
    let program = try TFLiteGolden.program("opaque_operators")
    let reasons = program.mainGraph.opaqueNodes.map { node -> String in
      guard case .opaque(let op) = node.op else { return "" }
      return "\(op.operatorName) \(op.version ?? 0): \(op.reason)"
    }
    #expect(
      reasons == [
        "Edge:Thing 1: a custom operator",
        "SVDF 1: Ferry has no meaning for it",
        "RELU 9: version 9; Ferry knows it up to version 3",
        "operator 250 1: Ferry has no meaning for it",
        "CONCATENATION 1: a fused activation of kind SIGN_BIT",
        "STABLEHLO_PAD 1: Ferry has no meaning for it",
      ])
    guard case .opaque(let custom)? = program.mainGraph.nodes.first?.op,
      case .opaque(let svdf) = program.mainGraph.nodes[1].op
    else { return }
    #expect(custom.attributes == ["custom_options": .description("3 bytes")])
    #expect(
      svdf.attributes == [
        "rank": .integer(2), "fused_activation_function": .string("NONE"), "asymmetric_quantize_inputs": .integer(0),
      ])
    #expect(program.findings.filter { $0.code == "opaque-operator" }.count == 6)
    let error = #expect(throws: ModelError.self) { try program.mainGraph.requireNoOpaqueNodes() }
    #expect(error?.code == .unsupported)
    for name in ["Edge:Thing", "SVDF", "RELU", "operator 250", "CONCATENATION", "STABLEHLO_PAD"] {
      #expect(error?.message.contains(name) == true)
    }
  }

  @Test func quantizationStandsOnTheTypes() throws {
    let graph = try TFLiteGolden.program("quantized").mainGraph
    #expect(graph.nodes.map(\.op.name) == ["conv2d", "quantize", "dequantize"])
    let conv = graph.nodes[0]
    #expect(graph.type(conv, 0)?.quantization == .perTensor(scale: 0.5, zeroPoint: 128))
    #expect(
      graph.type(conv, 1)?.quantization == .perAxis(axis: 0, scales: [0.5, 0.25, 0.125], zeroPoints: [0, 0, 0]))
    #expect(graph.type(conv, 2)?.description == "int32[3] {3 scales along axis 0}")
    #expect(graph[conv.outputs[0]].type.description == "uint8[1, 4, 4, 3] {scale 0.75, zero point 3}")
    #expect(
      graph.nodes[1].op
        == .quantize(Quantize(to: .int8, .perTensor(scale: 0.75, zeroPoint: -125), roundsHalfToEven: false)))
    #expect(graph[graph.nodes[2].outputs[0]].type.description == "float32[1, 4, 4, 3]")
  }

  @Test func everyOperatorCaseIsImported() throws {
    let program = try TFLiteGolden.program("operators")
    #expect(program.graphs.count == 137)
    #expect(program.findings.isEmpty)
    for graph in program.graphs {
      #expect(graph.opaqueNodes.isEmpty, "\(graph)")
      try graph.validate()
    }
  }

  /// Every truncation of a file with many operators is refused without a trap.
  @Test func truncations() throws {
    let bytes = try TFLiteGolden.bytes("operators")
    for step in 0..<50 {
      let cut = Array(bytes[..<(bytes.count * step / 50)])
      let error = #expect(throws: ModelError.self) {
        try TFLiteFormat.read(MappedFile(bytes: cut, name: "cut"), options: .standard)
      }
      #expect(error?.code == .malformed)
    }
  }

  /// Damaged files must end in a model or in an error of Ferry's own, never in a trap.
  @Test(arguments: ["odd_but_valid", "several_graphs", "opaque_operators", "quantized", "operators"])
  func damage(_ name: String) throws {
    let bytes = try TFLiteGolden.bytes(name)
    var generator = SeededGenerator(seed: 7)
    let words: [UInt32] = [0, 1, 2, 0xFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF]
    var refused = 0
    for _ in 0..<1_500 {
      var copy = bytes
      if generator.integer(in: 0...1) == 0 {
        copy[generator.integer(in: 8...(bytes.count - 1))] ^= UInt8(1 << generator.integer(in: 0...7))
      } else {
        let offset = generator.integer(in: 2...(bytes.count / 4 - 1)) * 4
        let word = words[generator.integer(in: 0...(words.count - 1))]
        for index in 0..<4 { copy[offset + index] = UInt8(truncatingIfNeeded: word >> (8 * index)) }
      }
      do {
        let program = try TFLiteFormat.read(MappedFile(bytes: copy, name: "damaged"), options: .standard)
        for graph in program.graphs { try graph.validate() }
      } catch {
        #expect(error.code != .internalFault, "\(error)")
        refused += 1
      }
    }
    #expect(refused > 50)
  }
}
