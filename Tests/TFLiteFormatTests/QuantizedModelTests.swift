import FormatSupport
import ModelGraph
import ReferenceInterpreter
import TFLiteFormat
import TestSupport
import Testing

/// Real 8-bit networks as their files have them, before any pass: the interpreter against LiteRT's reference kernels, count for
/// count.
@Suite(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
struct QuantizedModelTests {
  struct Network: Sendable, CustomTestStringConvertible {
    let file: String
    let input: String

    var folder: String { file.split(separator: "/").last.map(String.init) ?? file }
    var testDescription: String { "\(file), \(input)" }
    var path: String { SharedModels.path("\(file).tflite") }
  }

  static let files = [
    "imagenet/mobilenetv2_torchvision_int8", "hosted/mobilenet_v2_1.0_224_quant",
    "hosted/tf2_mobilenet_v2_1.0_224_ptq", "other/vww_96_int8", "other/resnet8_cifar_int8",
    "hosted/deeplabv3_mnv2_dm05_pascal_quant",
  ]

  /// Every stored input; the segmentation network has one.
  static let networks = files.flatMap { file in
    ["cat", "random"].filter { $0 == "cat" || !file.contains("deeplab") }.map { Network(file: file, input: $0) }
  }

  @Test(arguments: networks) func isBitIdenticalWithTheReferenceKernels(_ network: Network) throws {
    let graph = try TFLiteFormat.read(MappedFile(path: network.path), options: .standard).mainGraph
    #expect(graph.arithmetic == .liteRT)
    let results = try ReferenceInterpreter(graph).run([
      try SharedModels.reference(network.folder, "\(network.input)_input")
    ])
    #expect(results.count == 1)
    let expected = try SharedModels.reference(network.folder, "\(network.input)_out0_refkernels")
    for result in results {
      #expect(result.extents == expected.extents)
      #expect(result.elementType == expected.elementType)
      #expect(try result.integers() == expected.integers())
    }
  }

  @Test(arguments: ["hosted/mobilenet_v2_1.0_224_quant", "hosted/tf2_mobilenet_v2_1.0_224_ptq"])
  func everyOperatorIsBitIdentical(_ file: String) throws {
    let network = Network(file: file, input: "cat")
    let archive = try SharedModels.referenceArchive(network.folder, "cat_all_op_outputs_refkernels")
    let compared = try OperatorOutputs(path: network.path).compare(
      with: archive, input: try SharedModels.reference(network.folder, "cat_input"), keyDigits: 4)
    #expect(compared == Set(archive.names))
    #expect(compared.count >= 66)
  }
}
