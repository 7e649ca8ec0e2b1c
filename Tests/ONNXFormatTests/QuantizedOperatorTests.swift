import FormatSupport
import ModelGraph
import ONNXFormat
import ReferenceInterpreter
import TestSupport
import Testing

/// Operators on counts: the models of `quantized.npz`, which make_quantized.py makes together with what ONNX's definitions
/// answer.
@Suite struct QuantizedOperatorTests {
  private static func read(_ key: String) throws -> Program {
    let archive = try NPZFile(path: Fixtures.path("quantized.npz"))
    let bytes = try archive.tensor(named: "\(key).model").elements(as: UInt8.self)
    return try ONNXFormat.read(MappedFile(bytes: bytes, name: key), options: .standard)
  }

  @Test func everyCaseAnswersAsDefined() throws {
    let archive = try NPZFile(path: Fixtures.path("quantized.npz"))
    let names = Set(archive.names)
    let cases = archive.names.filter { $0.hasSuffix(".model") && !$0.hasPrefix("bad.") }
      .map { String($0.dropLast(".model".count)) }
    #expect(cases.count >= 66)
    for key in cases {
      do {
        let program = try Self.read(key)
        #expect(program.findings == [], "\(key)")
        #expect(program.mainGraph.arithmetic == .onnx)
        var inputs: [Tensor] = []
        for index in program.mainGraph.inputs.indices {
          inputs.append(try archive.tensor(named: "\(key).input\(index)"))
        }
        let results = try ReferenceInterpreter(program.mainGraph).run(inputs)
        #expect(names.contains("\(key).output\(results.count - 1)") && !names.contains("\(key).output\(results.count)"))
        for (index, result) in results.enumerated() {
          let expected = try archive.tensor(named: "\(key).output\(index)")
          #expect(result.extents == expected.extents, "\(key)")
          #expect(result.elementType == expected.elementType, "\(key)")
          if result.elementType.isInteger {
            #expect(try result.integers() == expected.integers(), "\(key)")
          } else {
            let difference = Difference(try result.floats(), try expected.floats())
            #expect(difference.relativeToLargest <= 1e-6, "\(key): \(difference)")
          }
        }
      } catch {
        Issue.record("\(key): \(error)")
      }
    }
  }

  @Test(arguments: QuantizedONNXFaults.malformed) func isRefused(_ key: String, _ text: String) {
    let error = #expect(throws: ModelError.self) { try Self.read("bad." + key) }
    #expect(error?.code == .malformed)
    #expect(error?.description.contains(text) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("'the_node'") == true)
  }

  /// Models that are right, and that Ferry has no meaning for: they are listed, and not converted.
  @Test(arguments: QuantizedONNXFaults.unsupported) func isOpaque(_ key: String, _ reason: String) throws {
    let graph = try Self.read("bad." + key).mainGraph
    guard case .opaque(let op)? = graph.nodes.last?.op else {
      Issue.record("\(graph)")
      return
    }
    #expect(op.reason == reason)
    let error = #expect(throws: ModelError.self) { try graph.requireNoOpaqueNodes() }
    #expect(error?.code == .unsupported)
  }

  @Test func aBiasOfAnotherScaleIsAFinding() throws {
    let findings = try Self.read("bad.bias_scale").findings
    #expect(findings.map(\.code) == ["bias-scale"])
    #expect(findings.first?.message.contains("the scale 0.0003 in channel 0") == true)
    #expect(findings.first?.nodes.first?.name == "the_node")
  }

  @Test func quantizationStandsOnTheTypes() throws {
    let graph = try Self.read("qlinear_conv_u8s8").mainGraph
    let node = try #require(graph.nodes.last)
    guard case .conv2D = node.op else {
      Issue.record("\(node.op)")
      return
    }
    let types = node.inputs.map { $0.map { graph[$0].type } }
    #expect(graph[node.outputs[0]].type.quantization?.zeroPoints == [100])
    #expect(types[0]?.quantization?.zeroPoints == [117])
    #expect(types[1]?.quantization?.axis == 0)
    let scale = try #require(types[0]?.quantization?.scales.first)
    #expect(types[2]?.quantization?.scales == types[1]?.quantization?.scales.map { scale * $0 })
    #expect(graph.parameterCount().trainable == 6 * 4 * 9 + 6)
    #expect(graph.multiplyAccumulates() == 2 * 6 * 4 * 6 * 4 * 9)
  }

  @Test func countsAreReadAsEachReaderStates() throws {
    let graph = try Self.read("read_under_another_scale").mainGraph
    #expect(graph.nodes.map(\.op.name) == ["quantize", "reinterpret", "dequantize"])
    let integers = try Self.read("read_as_integers").mainGraph
    #expect(
      integers.nodes.map(\.op) == [integers.nodes[0].op, .reinterpret(Reinterpret(as: nil)), .cast(Cast(to: .float32))])
    let moved = try Self.read("moved").mainGraph
    #expect(moved.nodes.map(\.op.name) == ["quantize", "transpose", "reshape", "dequantize"])
  }

  @Test func dynamicWeightsAreCounted() throws {
    let graph = try Self.read("dynamic_layer").mainGraph
    #expect(graph.nodes.first?.outputs.map { graph[$0].type.elementType } == [.uint8, .float32, .uint8])
    #expect(graph.parameterCount().trainable == 6 * 3 * 2 * 2 + 6)
    #expect(graph.multiplyAccumulates() == 2 * 6 * 5 * 4 * 3 * 2 * 2)
  }
}
