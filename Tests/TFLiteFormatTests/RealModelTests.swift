import FormatSupport
import ModelGraph
import TFLiteFormat
import TestSupport
import Testing

@Suite(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
struct RealModelTests {
  private func program(_ name: String) throws(ModelError) -> Program {
    try TFLiteFormat.read(MappedFile(path: SharedModels.path(name)), options: .standard)
  }

  struct Expectation: Sendable {
    let file: String
    let operators: [String: Int]
    let parameters: Int
    let multiplyAccumulates: Int
    let input: String
    let output: String
  }

  static let expectations = [
    Expectation(
      file: "imagenet/mobilenetv2_torchvision_float32.tflite",
      operators: ["PAD": 18, "CONV_2D": 35, "DEPTHWISE_CONV_2D": 17, "ADD": 10, "MEAN": 1, "FULLY_CONNECTED": 1],
      parameters: 3_487_816, multiplyAccumulates: 300_774_272, input: "float32[batch, 224, 224, 3]",
      output: "float32[batch, 1000]"),
    Expectation(
      file: "imagenet/mobilenetv2_torchvision_fp16.tflite",
      operators: [
        "DEQUANTIZE": 106, "PAD": 18, "CONV_2D": 35, "DEPTHWISE_CONV_2D": 17, "ADD": 10, "MEAN": 1,
        "FULLY_CONNECTED": 1,
      ], parameters: 3_487_816, multiplyAccumulates: 300_774_272, input: "float32[batch, 224, 224, 3]",
      output: "float32[batch, 1000]"),
    Expectation(
      file: "imagenet/mobilenetv2_torchvision_dynrange.tflite",
      operators: ["PAD": 18, "CONV_2D": 35, "DEPTHWISE_CONV_2D": 17, "ADD": 10, "MEAN": 1, "FULLY_CONNECTED": 1],
      parameters: 3_487_816, multiplyAccumulates: 300_774_272, input: "float32[batch, 224, 224, 3]",
      output: "float32[batch, 1000]"),
    Expectation(
      file: "imagenet/mobilenetv2_torchvision_int8.tflite",
      operators: ["PAD": 18, "CONV_2D": 35, "DEPTHWISE_CONV_2D": 17, "ADD": 10, "MEAN": 1, "FULLY_CONNECTED": 1],
      parameters: 3_487_816, multiplyAccumulates: 300_774_272,
      input: "int8[batch, 224, 224, 3] {scale 0.018658448, zero point -14}",
      output: "int8[batch, 1000] {scale 0.14540079, zero point -49}"),
    Expectation(
      file: "hosted/mobilenet_v2_1.0_224_quant.tflite",
      operators: ["CONV_2D": 36, "DEPTHWISE_CONV_2D": 17, "ADD": 10, "AVERAGE_POOL_2D": 1, "RESHAPE": 1, "SOFTMAX": 1],
      parameters: 3_489_097, multiplyAccumulates: 300_775_552,
      input: "uint8[1, 224, 224, 3] {scale 0.0078125, zero point 128}",
      output: "uint8[1, 1001] {scale 0.00390625, zero point 0}"),
    Expectation(
      file: "hosted/deeplabv3_mnv2_float_257.tflite",
      operators: [
        "CONV_2D": 38, "DEPTHWISE_CONV_2D": 17, "ADD": 10, "AVERAGE_POOL_2D": 1, "RESIZE_BILINEAR": 3,
        "CONCATENATION": 1,
      ], parameters: 688_357, multiplyAccumulates: 725_849_344, input: "float32[1, 257, 257, 3]",
      output: "float32[1, 257, 257, 21]"),
    Expectation(
      file: "hosted/deeplabv3_mnv2_dm05_pascal_quant.tflite",
      operators: [
        "CONV_2D": 38, "DEPTHWISE_CONV_2D": 17, "ADD": 10, "AVERAGE_POOL_2D": 1, "RESIZE_BILINEAR": 3, "QUANTIZE": 1,
        "CONCATENATION": 1, "ARG_MAX": 1,
      ], parameters: 688_357, multiplyAccumulates: 867_496_704,
      input: "uint8[1, 513, 513, 3] {scale 0.0078125, zero point 128}", output: "int64[1, 513, 513]"),
    Expectation(
      file: "hosted/tm_fruit_model_unquant.tflite",
      operators: [
        "PAD": 5, "CONV_2D": 35, "DEPTHWISE_CONV_2D": 17, "ADD": 10, "MEAN": 1, "FULLY_CONNECTED": 2, "SOFTMAX": 1,
      ], parameters: 517_388, multiplyAccumulates: 58_134_008, input: "float32[batch, 224, 224, 3]",
      output: "float32[batch, 2]"),
    Expectation(
      file: "other/vww_96_float.tflite",
      operators: [
        "CONV_2D": 14, "DEPTHWISE_CONV_2D": 13, "AVERAGE_POOL_2D": 1, "RESHAPE": 1, "FULLY_CONNECTED": 1, "SOFTMAX": 1,
      ], parameters: 210_850, multiplyAccumulates: 7_489_664, input: "float32[batch, 96, 96, 3]",
      output: "float32[batch, 2]"),
    Expectation(
      file: "other/resnet8_cifar_float.tflite",
      operators: ["CONV_2D": 9, "ADD": 3, "AVERAGE_POOL_2D": 1, "RESHAPE": 1, "FULLY_CONNECTED": 1, "SOFTMAX": 1],
      parameters: 77_706, multiplyAccumulates: 12_501_632, input: "float32[batch, 32, 32, 3]",
      output: "float32[batch, 10]"),
    Expectation(
      file: "other/mobilenet_v1_0.25_128_float.tflite",
      operators: ["CONV_2D": 15, "DEPTHWISE_CONV_2D": 13, "AVERAGE_POOL_2D": 1, "RESHAPE": 1, "SOFTMAX": 1],
      parameters: 467_593, multiplyAccumulates: 13_570_304, input: "float32[1, 128, 128, 3]",
      output: "float32[1, 1001]"),
    Expectation(
      file: "other/mediapipe_face_detection_short_range.tflite",
      operators: [
        "DEQUANTIZE": 74, "CONV_2D": 21, "RELU": 17, "DEPTHWISE_CONV_2D": 16, "ADD": 16, "PAD": 11, "MAX_POOL_2D": 3,
        "RESHAPE": 4, "CONCATENATION": 2,
      ], parameters: 101_390, multiplyAccumulates: 30_760_960, input: "float32[1, 128, 128, 3]",
      output: "float32[1, 896, 16]"),
  ]

  @Test(arguments: expectations)
  func contents(_ expected: Expectation) throws {
    let graph = try program(expected.file).mainGraph
    let operators = graph.nodes.reduce(into: [:]) { $0[$1.origin.first?.operatorName ?? "?", default: 0] += 1 }
    #expect(operators == expected.operators)
    #expect(graph.opaqueNodes.isEmpty)
    #expect(graph.parameterCount().total == expected.parameters)
    #expect(graph.multiplyAccumulates() == expected.multiplyAccumulates)
    #expect(graph.inputs.first.map { graph[$0.value].type.description } == expected.input)
    #expect(graph.outputs.first.map { graph[$0.value].type.description } == expected.output)
    try graph.validate()
  }

  @Test(arguments: RealModels.files)
  func everyFileIsReadTheSameTwice(_ file: String) throws {
    let first = try program(file)
    let second = try program(file)
    #expect(first.mainGraph.description == second.mainGraph.description)
    #expect(first.findings == second.findings)
    try first.mainGraph.validate()
  }

  /// Every weight must lie inside the mapping: nothing is copied.
  @Test func weightsStayInTheFile() throws {
    let file = try MappedFile(path: SharedModels.path("imagenet/mobilenetv2_torchvision_float32.tflite"))
    let graph = try TFLiteFormat.read(file, options: .standard).mainGraph
    var bytes = 0
    for value in graph.values {
      guard let constant = value.constant else { continue }
      guard case .bytes(let storage, let range) = constant.content else {
        Issue.record("\(value.name) is no range of bytes")
        continue
      }
      #expect(storage === file)
      bytes += range.count
    }
    #expect(bytes > 4 * 3_487_816)
  }

  @Test func signatureAndMetadata() throws {
    let program = try program("imagenet/mobilenetv2_torchvision_float32.tflite")
    #expect(
      program.signatures == [
        Signature(
          name: "serving_default", graph: 0, inputs: ["input": "serving_default_input:0"],
          outputs: ["logits": "StatefulPartitionedCall:0"])
      ])
    #expect(program.source == "TFLite 3")
    #expect(program.metadata["description"] == "MLIR Converted.")
    #expect(program.metadata["min_runtime_version"] == "1.6.0")
    #expect(program.metadata["CONVERSION_METADATA"] == "84 bytes")
    #expect(program.findings.isEmpty)
  }

  @Test func appendedLabelsAreNoted() throws {
    let findings = try program("hosted/mobilenet_v2_1.0_224_quant.tflite").findings
    #expect(findings.map(\.code) == ["trailing-bytes"])
    #expect(findings.first?.message.contains("21822 bytes follow the model at byte 3588976: a zip archive") == true)
    #expect(try program("hosted/deeplabv3_mnv2_float_257.tflite").findings.isEmpty)
  }

  @Test func layersOfTheFloatFile() throws {
    let graph = try program("imagenet/mobilenetv2_torchvision_float32.tflite").mainGraph
    let padding = try #require(graph.nodes.first)
    #expect(padding.op == .pad(Pad(before: [0, 1, 1, 0], after: [0, 1, 1, 0])))
    #expect(padding.origin.map(\.description) == ["'mobilenet_v2_torchvision/f0_pad/Pad' (PAD, #0)"])
    let stem = graph.nodes[1]
    #expect(
      stem.op
        == .conv2D(
          Conv2D(strides: Size2D(2), padding: .valid, filterLayout: .outputHeightWidthInput, outputClamp: .relu6)))
    let depthwise = graph.nodes[3]
    #expect(
      depthwise.op
        == .conv2D(
          Conv2D(
            strides: .one, padding: .valid, groups: 32, filterLayout: .oneHeightWidthOutput, outputClamp: .relu6)))
    #expect(graph.type(depthwise, 1)?.description == "float32[1, 3, 3, 32]")
    let head = try #require(graph.nodes.last)
    #expect(head.op == .fullyConnected(FullyConnected(keepsLeadingAxes: false)))
    #expect(graph.nodes[graph.nodes.count - 2].op == .reduce(Reduce(.mean, axes: [1, 2], keepsAxes: false)))
  }

  @Test func dilatedDepthwiseKeepsItsDilation() throws {
    let graph = try program("hosted/deeplabv3_mnv2_float_257.tflite").mainGraph
    let dilations = graph.nodes.compactMap { node -> Int? in
      guard case .conv2D(let conv) = node.op, conv.groups > 1 else { return nil }
      return conv.dilation.height
    }
    #expect(dilations == [1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 4, 4, 4])
    let resized = graph.nodes.compactMap { node -> Resize2D? in
      guard case .resize2D(let resize) = node.op else { return nil }
      return resize
    }
    #expect(resized.map(\.coordinates) == [.alignCorners, .alignCorners, .alignCorners])
  }

  @Test func aBiasMayBeLeftOut() throws {
    let graph = try program("hosted/tm_fruit_model_unquant.tflite").mainGraph
    let dense = graph.nodes.filter { $0.origin.first?.operatorName == "FULLY_CONNECTED" }
    #expect(dense.map(\.inputs.count) == [3, 2])
  }

  /// Fourteen biases of one axis are quantized along axis 3; the model can be shown all the same.
  @Test func quantizedAxesOutsideTheRankAreFound() throws {
    let program = try program("other/person_detect_int8.tflite")
    let errors = program.findings.filter { $0.severity == .error }
    #expect(errors.count == 14)
    #expect(Set(errors.map(\.code)) == ["quantized-axis"])
    #expect(program.mainGraph.nodes.count == 31)
  }

  @Test func aCustomOperatorIsKept() throws {
    let program = try program("broken/invalid_model_invoking_error.tflite")
    let graph = program.mainGraph
    guard case .opaque(let op)? = graph.nodes.first?.op else {
      Issue.record("no opaque operator")
      return
    }
    #expect(op.operatorName == "fake-op-double")
    #expect(op.reason == "a custom operator")
    #expect(throws: ModelError.self) { try graph.requireNoOpaqueNodes() }
  }
}
