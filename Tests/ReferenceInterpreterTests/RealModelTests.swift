import FormatSupport
import ModelGraph
import ONNXFormat
import ReferenceInterpreter
import TestSupport
import Testing

/// Real ONNX networks as the file has them, before any pass, against what ONNX Runtime answered.
@Suite(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
struct RealModelTests {
  struct Network: Sendable, CustomTestStringConvertible {
    let file: String
    let folder: String
    let input: String
    let tolerance: Double
    /// Whether the tolerance counts in units of the largest output.
    var isRelative = false

    var testDescription: String { "\(file), \(input)" }
  }

  static let networks: [Network] =
    ["imagenet/mobilenetv2_torchvision", "imagenet/mobilenetv2_torchvision_bn"].flatMap { file in
      ["cat", "random"].map { input in
        Network(file: file, folder: "mobilenetv2_torchvision_onnx", input: input, tolerance: 3e-5)
      }
    } + [
      Network(
        file: "other/light_resnet50", folder: "light_resnet50", input: "random", tolerance: 1e-4, isRelative: true),
      Network(
        file: "other/ultraface_rfb_320", folder: "ultraface_rfb_320", input: "random", tolerance: 1e-4,
        isRelative: true),
    ]

  @Test(arguments: networks) func answersAsTheRuntimeDoes(_ network: Network) throws {
    let file = try MappedFile(path: SharedModels.path("\(network.file).onnx"))
    let graph = try ONNXFormat.read(file, options: .standard).mainGraph
    let input = try SharedModels.reference(network.folder, "\(network.input)_input")
    let results = try ReferenceInterpreter(graph).run([input])
    #expect(!results.isEmpty)
    for (index, result) in results.enumerated() {
      let expected = try SharedModels.reference(network.folder, "\(network.input)_out\(index)")
      #expect(result.extents == expected.extents)
      let difference = Difference(try result.floats(), try expected.floats())
      if MeasuredAgreement.isPrinted { print("agreement \(network.testDescription) \(index): \(difference)") }
      let distance = network.isRelative ? difference.relativeToLargest : difference.maximumAbsolute
      #expect(distance <= network.tolerance, "output \(index): \(difference)")
    }
  }
}
