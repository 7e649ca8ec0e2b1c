import FormatSupport
import ModelGraph
import ONNXFormat
import TestSupport
import Testing

/// The float files among the shared models.
@Suite(.enabled(if: SharedModels.isAvailable, SharedModels.comment)) struct RealModelTests {
  struct Expectation: Sendable, CustomTestStringConvertible {
    let file: String
    let operators: [String: Int]
    let parameters: ParameterCount
    let multiplyAccumulates: Int
    let inputs: [String: Shape]
    let outputs: [String: Shape]
    var testDescription: String { file }
  }

  static let expectations = [
    Expectation(
      file: "imagenet/mobilenetv2_torchvision.onnx",
      operators: ["conv2d": 52, "clamp": 35, "binary": 10, "globalPool": 1, "flatten": 1, "fullyConnected": 1],
      parameters: ParameterCount(trainable: 3_487_816, nonTrainable: 0), multiplyAccumulates: 300_774_272,
      inputs: ["input": [.symbolic("batch"), 3, 224, 224]], outputs: ["output": [.symbolic("batch"), 1000]]),
    Expectation(
      file: "imagenet/mobilenetv2_torchvision_bn.onnx",
      operators: [
        "conv2d": 52, "batchNorm": 52, "clamp": 35, "binary": 10, "globalPool": 1, "flatten": 1, "fullyConnected": 1,
      ],
      parameters: ParameterCount(trainable: 3_504_872, nonTrainable: 34_112), multiplyAccumulates: 300_774_272,
      inputs: ["input": [1, 3, 224, 224]], outputs: ["output": [1, 1000]]),
    Expectation(
      file: "other/light_resnet50.onnx",
      operators: [
        "conv2d": 53, "batchNorm": 53, "clamp": 49, "binary": 16, "pool2d": 2, "reshape": 1, "fullyConnected": 1,
        "softmax": 1,
      ],
      parameters: ParameterCount(trainable: 25_557_032, nonTrainable: 53_120), multiplyAccumulates: 4_089_184_256,
      inputs: ["gpu_0/data_0": [1, 3, 224, 224]], outputs: ["gpu_0/softmax_1": [1, 1000]]),
    Expectation(
      file: "other/ultraface_rfb_320.onnx",
      operators: [
        "conv2d": 52, "clamp": 37, "binary": 10, "concat": 5, "reshape": 8, "slice": 4, "softmax": 1, "transpose": 8,
        "unary": 1,
      ],
      parameters: ParameterCount(trainable: 300_408, nonTrainable: 0), multiplyAccumulates: 100_418_560,
      inputs: ["input": [1, 3, 240, 320]], outputs: ["scores": [1, 4420, 2], "boxes": [1, 4420, 4]]),
  ]

  @Test(arguments: expectations) func floatModel(_ expected: Expectation) throws {
    let program = try ONNXFormat.read(try MappedFile(path: SharedModels.path(expected.file)), options: .standard)
    let graph = program.mainGraph
    #expect(program.findings == [])
    #expect(Dictionary(graph.nodes.map { ($0.op.name, 1) }, uniquingKeysWith: +) == expected.operators)
    #expect(graph.parameterCount() == expected.parameters)
    #expect(graph.multiplyAccumulates() == expected.multiplyAccumulates)
    func shapes(_ ports: [GraphPort]) -> [String: Shape] {
      Dictionary(uniqueKeysWithValues: ports.map { ($0.name, graph[$0.value].type.shape) })
    }
    #expect(shapes(graph.inputs) == expected.inputs)
    #expect(shapes(graph.outputs) == expected.outputs)
    #expect(graph.opaqueNodes.isEmpty)
    #expect(graph.nodes.allSatisfy { $0.origin.count == 1 })
    try graph.validate()
  }

  @Test func originsAreTheFilesNames() throws {
    let file = try MappedFile(path: SharedModels.path("imagenet/mobilenetv2_torchvision.onnx"))
    let graph = try ONNXFormat.read(file, options: .standard).mainGraph
    let first = try #require(graph.nodes.first)
    #expect(
      first.origin == [SourceNode(name: "/features/features.0/features.0.0/Conv", operatorName: "Conv", index: 0)])
    #expect(graph[first.outputs[0]].origin?.name == "/features/features.0/features.0.0/Conv_output_0")
    let weights = try #require(graph.constant(first, 1))
    guard case .bytes(let storage, _) = weights.content else { return }
    #expect(storage === file)
  }

  /// Quantized files can be looked at; what has no meaning yet is named.
  @Test(arguments: ["imagenet/mobilenetv2_torchvision_qdq.onnx", "imagenet/mobilenetv2_torchvision_qoperator.onnx"])
  func quantizedModel(_ file: String) throws {
    let graph = try ONNXFormat.read(try MappedFile(path: SharedModels.path(file)), options: .standard).mainGraph
    #expect(graph[graph.outputs[0].value].type == TensorType(.float32, [.symbolic("batch"), 1000]))
    try graph.validate()
  }
}
