import Ferry
import TestSupport
import Testing

/// `check` on every real file: MobileNetV2s are recognised in every format, and nothing else is.
@Suite(.enabled(if: SharedModels.isAvailable, "needs shared/models"))
struct StructureOfRealModelsTests {
  struct Expectation: CustomTestStringConvertible, Sendable {
    let file: String
    let width: Double
    let size: Int
    let classes: Int?
    let variants: [MobileNetV2.Variant]

    init(_ file: String, _ width: Double, _ size: Int, _ classes: Int?, _ variants: [MobileNetV2.Variant]) {
      self.file = file
      self.width = width
      self.size = size
      self.classes = classes
      self.variants = variants
    }

    var testDescription: String { file }
  }

  static let networks: [Expectation] =
    [
      ".onnx", "_bn.onnx", "_float32.tflite", "_fp16.tflite", "_dynrange.tflite", "_int8.tflite", ".h5", "_qdq.onnx",
      "_qoperator.onnx",
    ].map {
      Expectation("imagenet/mobilenetv2_torchvision\($0)", 1, 224, 1000, [.torchvision])
    } + [
      Expectation("hosted/mobilenet_v2_1.0_224_quant.tflite", 1, 224, 1001, [.slim]),
      Expectation("hosted/tf2_mobilenet_v2_1.0_224_ptq.tflite", 1, 224, 1001, [.slim]),
      Expectation("hosted/mobilenet_v2_035_96_embedder_with_metadata.tflite", 0.35, 96, nil, [.slim]),
      Expectation("hosted/deeplabv3_mnv2_float_257.tflite", 0.5, 257, nil, [.slim]),
      Expectation("hosted/deeplabv3_mnv2_dm05_pascal_quant.tflite", 0.5, 513, nil, [.slim]),
      Expectation("hosted/tm_fruit_model_unquant.tflite", 0.35, 224, 2, [.keras]),
      Expectation("keras/tm_waste_keras_model.h5", 0.35, 224, 4, [.keras]),
    ]

  private func model(_ file: String) throws -> Model {
    try Model(contentsOf: SharedModels.path(file), options: ImportOptions(allowsNonFinite: true))
  }

  @Test(arguments: networks)
  func aMobileNetV2IsRecognized(expected: Expectation) throws {
    let check = try model(expected.file).check().check
    #expect(check.passes, "\(check.findings)")
    #expect(check.isRecognized)
    #expect(check.structure.width?.nominal == expected.width)
    #expect(check.structure.inputSize == Size2D(expected.size))
    #expect(check.structure.head?.classes == expected.classes)
    #expect(check.structure.variants == expected.variants)
    #expect(!check.findings.contains { $0.severity == .warning }, "\(check.findings)")
  }

  @Test(arguments: [
    "other/mobilenet_v1_0.25_128_float.tflite", "other/resnet8_cifar_float.tflite", "other/light_resnet50.onnx",
    "other/ultraface_rfb_320.onnx", "keras/fer2013_mini_XCEPTION.102-0.66.hdf5", "other/vww_96_float.tflite",
  ])
  func anotherNetworkIsNot(file: String) throws {
    let check = try model(file).check().check
    #expect(!check.isRecognized && !check.passes)
    #expect(check.verdict == "not a MobileNetV2")
    #expect(check.findings.allSatisfy { $0.code == "not-a-mobilenetv2" && $0.severity == .error })
  }

  @Test(arguments: ["digits.h5", "digits.keras", "digits.tflite", "digits.onnx"])
  func theSampleIsRecognizedInEveryFormat(file: String) throws {
    let check = try Model(contentsOf: SharedModels.packageRoot + "Samples/" + file).check().check
    #expect(check.passes, "\(check.findings)")
    #expect(check.structure.width?.nominal == 0.35)
    #expect(check.structure.head?.classes == 10)
  }

  @Test func deepLabsDilationsAreFound() throws {
    let structure = try model("hosted/deeplabv3_mnv2_float_257.tflite").check().check.structure
    #expect(structure.blocks.map(\.dilation).max() == 4)
    #expect(structure.blocks.map(\.stride).reduce(1, *) == 4)
  }

  @Test func blocksAddUpToTheWhole() throws {
    let blocks = try model("imagenet/mobilenetv2_torchvision.onnx").blockSummary()
    #expect(blocks.multiplyAccumulates == 300_774_272)
    #expect(blocks.parameters == 3_487_816)
    #expect(blocks.parts.map(\.name) == ["stem"] + (0...16).map { "block_\($0)" } + ["head"])
    // Full 3×3 convolutions in place of depthwise and projection.
    #expect(try #require(blocks.fullConvolution) > 4 * 300_774_272)
  }
}
