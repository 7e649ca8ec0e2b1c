import FormatSupport
import KerasFormat
import ModelGraph
import ONNXFormat
import Passes
import TFLiteFormat
import TestSupport
import Testing

/// The canonical form of real files, each read by its format's importer.
@Suite(.enabled(if: SharedModels.isAvailable, SharedModels.comment)) struct RealModelTests {
  private func source(_ name: String) throws -> Graph {
    let file = try MappedFile(path: SharedModels.path(name))
    if name.hasSuffix(".onnx") { return try ONNXFormat.read(file, options: .standard).mainGraph }
    if name.hasSuffix(".tflite") { return try TFLiteFormat.read(file, options: .standard).mainGraph }
    return try KerasFormat.read(file, options: .standard).mainGraph
  }

  private func canonical(_ name: String) throws -> CanonicalComparison {
    CanonicalComparison(try PassPipeline.canonical.run(try source(name)).graph)
  }

  /// One network in four files: the converters of other formats fold norms as the rule does, two of them to the bit.
  @Test(arguments: [
    ("imagenet/mobilenetv2_torchvision_bn.onnx", 0.0), ("imagenet/mobilenetv2_torchvision.h5", 0),
    ("imagenet/mobilenetv2_torchvision_float32.tflite", 1e-6), ("imagenet/mobilenetv2_torchvision_fp16.tflite", 1e-3),
  ])
  func oneNetworkIsOneGraph(_ name: String, _ tolerance: Double) throws {
    let reference = try canonical("imagenet/mobilenetv2_torchvision.onnx")
    let other = try canonical(name)
    #expect(other.lines == reference.lines)
    #expect(try other.largestRelativeDifference(to: reference) <= tolerance)
    if tolerance == 0 { #expect(try other.differingElements(from: reference) == 0) }
    // 52 convolutions, 10 additions, one pool, one dense layer.
    #expect(reference.lines.count == 52 + 10 + 2 + 1)
  }

  @Test(arguments: [
    ("keras/vww_96.h5", "other/vww_96_float.tflite"), ("keras/resnet8_cifar.h5", "other/resnet8_cifar_float.tflite"),
  ])
  func kerasAndItsConversionAgree(_ keras: String, _ lite: String) throws {
    let a = try canonical(keras)
    let b = try canonical(lite)
    #expect(a.lines == b.lines)
    #expect(try a.largestRelativeDifference(to: b) <= 1e-6)
  }

  @Test(arguments: [
    "other/vww_96_float.tflite", "other/resnet8_cifar_float.tflite", "other/mobilenet_v1_0.25_128_float.tflite",
    "other/mediapipe_face_detection_short_range.tflite", "other/ultraface_rfb_320.onnx", "keras/vww_96.h5",
    "keras/resnet8_cifar.h5", "keras/fer2013_mini_XCEPTION.102-0.66.hdf5", "hosted/tm_fruit_model_unquant.tflite",
  ])
  func theCanonicalFormComputesTheSame(_ name: String) throws {
    let source = try source(name)
    let result = try PassPipeline.canonical.run(source)
    let left = Set(operators(result.graph))
    #expect(left.isDisjoint(with: ["batchNorm", "clamp", "identity", "shapeOf", "transpose"]), "\(left.sorted())")
    for node in result.graph.nodes {
      #expect(node.op.layoutText?.contains("channelsFirst") != true, "\(node.name)")
      #expect(!node.origin.isEmpty, "\(node.name)")
    }
    #expect(try outputDifference(source, result.graph, open: 1) < 1e-5)
  }

  /// Whatever is not float32 goes through the passes unharmed.
  @Test(arguments: [
    "imagenet/mobilenetv2_torchvision_int8.tflite", "imagenet/mobilenetv2_torchvision_dynrange.tflite",
    "imagenet/mobilenetv2_torchvision_qdq.onnx", "hosted/mobilenet_v2_1.0_224_quant.tflite",
    "hosted/deeplabv3_mnv2_dm05_pascal_quant.tflite", "hosted/tf2_mobilenet_v2_1.0_224_ptq.tflite",
    "hosted/mobilenet_v2_035_96_embedder_with_metadata.tflite", "hosted/deeplabv3_mnv2_float_257.tflite",
    "other/vww_96_int8.tflite", "other/resnet8_cifar_int8.tflite", "other/light_resnet50.onnx",
    "keras/tm_waste_keras_model.h5",
  ])
  func everyOtherFileHasACanonicalForm(_ name: String) throws {
    let source = try source(name)
    let result = try PassPipeline.canonical.run(source)
    let again = try PassPipeline.canonical.run(result.graph)
    #expect(again.graph.description == result.graph.description)
  }
}

extension Op {
  /// The attributes of the operator when it has a layout.
  fileprivate var layoutText: String? { attributeText.contains("layout") ? attributeText : nil }
}
