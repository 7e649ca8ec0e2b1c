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

  /// Models that contradict what ONNX says, and a part of the text.
  static let malformed: [(String, String)] = [
    ("scale_zero", "the scale 0.0 of the output is no positive number"),
    ("scale_negative", "the scale -0.5 of the output is no positive number"),
    ("scale_infinite", "the scale inf of the output is no positive number"),
    ("scale_nan", "the scale nan of the output is no positive number"),
    ("scale_zero_in_channel", "the scale 0.0 of channel 1 of the output"),
    ("scales_too_few", "2 scales for axis 1 of the output"), ("zero_points_too_few", "2 zero points and 3 scales"),
    ("axis_out_of_range", "axis 7 of a tensor with 4 axes"),
    ("dtype_differs", "a zero point of type int8 for counts of type uint8"),
    ("zero_point_type", "a zero point of type int8 for uint8 counts"),
    ("int32_zero_point", "zero points of the input that int32 counts cannot have"),
    ("conv_scales", "5 scales for axis 0 of the filter"),
    ("conv_bias_type", "a bias of type float32, no int32 counts"),
    ("zero_point_out_of_range", "300 in int32_data is no uint8"),
  ]

  @Test(arguments: malformed) func isRefused(_ key: String, _ text: String) {
    let error = #expect(throws: ModelError.self) { try Self.read("bad." + key) }
    #expect(error?.code == .malformed)
    #expect(error?.description.contains(text) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("'the_node'") == true)
  }

  /// Models that are right, and that Ferry has no meaning for: they are listed, and not converted.
  static let unsupported: [(String, String)] = [
    ("blocks", "blocks of 1 in attribute 'block_size'"), ("scale_float16", "a scale of the output of type float16"),
    ("int16_before_21", "counts of type int16"),
    ("scale_computed", "a scale of the output that is computed at run time"),
    ("int4", "counts of type int4"), ("gemm_real_output", "a product of counts as real numbers"),
    ("gemm_alpha", "a factor other than 1 in attribute 'alpha'"),
  ]

  @Test(arguments: unsupported) func isOpaque(_ key: String, _ reason: String) throws {
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
