import FormatSupport
import TestSupport
import Testing

/// `classify` with 8-bit networks of every kind, as the files are and converted: the same scores, and the classes that the float network
/// sees.
@Suite(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
struct QuantizedClassifyTests {
  struct Network: Sendable, CustomTestStringConvertible {
    let file: String
    let preprocessing: String
    /// Whether class 0 is the background.
    let hasBackground: Bool

    var testDescription: String { file }
  }

  static let networks = [
    Network(file: "imagenet/mobilenetv2_torchvision_int8.tflite", preprocessing: "torch", hasBackground: false),
    Network(file: "imagenet/mobilenetv2_torchvision_dynrange.tflite", preprocessing: "torch", hasBackground: false),
    Network(file: "imagenet/mobilenetv2_torchvision_qdq.onnx", preprocessing: "torch", hasBackground: false),
    Network(file: "imagenet/mobilenetv2_torchvision_qoperator.onnx", preprocessing: "torch", hasBackground: false),
    Network(file: "hosted/mobilenet_v2_1.0_224_quant.tflite", preprocessing: "tf", hasBackground: true),
    Network(file: "hosted/tf2_mobilenet_v2_1.0_224_ptq.tflite", preprocessing: "tf", hasBackground: true),
  ]

  /// A cheeseburger and a macaw.
  private static let photographs = [("burger.jpg", 933), ("parrot.jpg", 88)]

  @Test(arguments: networks) func seesTheSameInTheFileAndConverted(network: Network) throws {
    let folder = TemporaryFolder()
    let images = Self.photographs.map { SharedModels.path("images/\($0.0)") }
    let options = ["--top", "3", "--format", "json"]
    let direct = Command.run(
      ["classify", SharedModels.path(network.file)] + images + options + ["--preprocess", network.preprocessing])
    #expect(direct.exitCode == 0, "\(direct.errorText)")
    let native = folder.path("native.safetensors")
    let conversion = Command.run(
      ["convert", SharedModels.path(network.file), "-o", native, "--quiet", "--preprocess", network.preprocessing])
    #expect(conversion.exitCode == 0, "\(conversion.errorText)")
    let converted = Command.run(["classify", native] + images + options)
    #expect(converted.exitCode == 0, "\(converted.errorText)")
    let (first, second) = (try Self.results(direct), try Self.results(converted))
    #expect(first == second)
    let top = first.compactMap { $0.objectValue?["classes"]?.arrayValue?.first?.objectValue?["index"]?.integerValue }
    #expect(top == Self.photographs.map { $0.1 + (network.hasBackground ? 1 : 0) })
  }

  private static func results(_ run: ToolRun) throws -> [JSONValue] {
    try #require(JSONParser.parse(run.outputText).objectValue?["images"]?.arrayValue)
  }
}
