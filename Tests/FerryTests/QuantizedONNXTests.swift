import Ferry
import TestSupport
import Testing

/// The two 8-bit ONNX files of the real network: converted, written, read again. What each operator answers beside ONNX's
/// definitions is held in the oracle lane (Tests/oracle/onnx_quantized.py).
@Suite(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
struct QuantizedONNXTests {
  static let kinds = ["qdq", "qoperator"]

  private static func path(_ kind: String) -> String {
    SharedModels.path("imagenet/mobilenetv2_torchvision_\(kind).onnx")
  }

  private static func native(_ kind: String, _ folder: TemporaryFolder) throws -> (written: Model, read: Model) {
    let path = folder.path("\(kind).safetensors")
    let converted = try Model(contentsOf: Self.path(kind)).converted().model
    try converted.write(to: path)
    return (converted, try Model(contentsOf: path))
  }

  /// Every operator between the first QuantizeLinear and the last DequantizeLinear computes with counts.
  @Test(arguments: kinds) func worksOnCounts(kind: String) throws {
    let graph = try Self.native(kind, TemporaryFolder()).read.graph
    var counts: [String: Int] = [:]
    for node in graph.nodes { counts[node.op.name, default: 0] += 1 }
    #expect(
      counts == [
        "quantize": 1, "conv2d": 52, "binary": 10, "globalPool": 1, "fullyConnected": 1, "dequantize": 1,
      ])
    #expect(graph.arithmetic == .onnx)
    #expect(graph.parameterCount().trainable == 3_487_816)
    #expect(graph.multiplyAccumulates() == 300_774_272)
  }

  @Test(arguments: kinds) func weightsSurvive(kind: String) throws {
    let (written, read) = try Self.native(kind, TemporaryFolder())
    #expect(read.graph.description == written.graph.description)
    var compared = 0
    for value in written.graph.values {
      guard let constant = value.constant else { continue }
      let other = try #require(read.graph.values.first { $0.name == value.name }?.constant)
      #expect(other.type == constant.type)
      #expect(try other.integers() == constant.integers())
      compared += 1
    }
    #expect(compared == 53 * 2)
  }

  @Test(arguments: kinds) func isFoundByCheck(kind: String) throws {
    let check = try Self.native(kind, TemporaryFolder()).read.check().check
    #expect(check.passes && check.isRecognized, "\(check.findings)")
    #expect(check.structure.width?.nominal == 1)
  }

  /// The photograph's class is the float network's, and the logits are near: 8 bits leave some noise.
  @Test(arguments: kinds) func ranksAsTheFloatNetwork(kind: String) throws {
    let model = try Self.native(kind, TemporaryFolder()).read
    let cat = try SharedModels.reference("mobilenetv2_torchvision_\(kind)", "cat_input")
    let float = try SharedModels.reference("mobilenetv2_torchvision_onnx", "cat_out0").floats()
    let answer = try model.run([cat])[0].floats()
    #expect(try model.run([cat], on: .referenceInterpreter)[0].floats() == answer)
    #expect(answer.indices.max { answer[$0] < answer[$1] } == float.indices.max { float[$0] < float[$1] })
  }

  /// Converted, and the native file converted once more: the same bytes, and in the engine the same answers.
  @Test(arguments: kinds) func runsTheSameHoweverOftenItWasConverted(kind: String) throws {
    let folder = TemporaryFolder()
    let (first, second) = (folder.path("first.safetensors"), folder.path("second.safetensors"))
    let converted = try Model(contentsOf: Self.path(kind)).converted().model
    try converted.write(to: first)
    try Model(contentsOf: Self.path(kind)).converted().model.write(to: second)
    #expect(TemporaryFolder.bytes(of: first) == TemporaryFolder.bytes(of: second))
    let third = folder.path("third.safetensors")
    try Model(contentsOf: first).converted().model.write(to: third)
    let cat = try SharedModels.reference("mobilenetv2_torchvision_\(kind)", "cat_input")
    let expected = try converted.run([cat])[0].floats()
    for path in [first, third] { #expect(try Model(contentsOf: path).run([cat])[0].floats() == expected) }
  }

  /// Every layer of the engine, fed the source's values, is the reference interpreter's to the bit.
  @Test(arguments: kinds) func verifiesWithoutADifference(kind: String) throws {
    let source = try Model(contentsOf: Self.path(kind))
    let native = try source.converted().model
    let result = try native.verify(against: native)
    #expect(result.layers.count == native.graph.nodes.count)
    #expect(result.layers.allSatisfy { $0.comparison.metrics.maximumAbsolute == 0 })
  }
}
