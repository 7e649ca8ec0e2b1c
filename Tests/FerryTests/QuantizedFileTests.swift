import Ferry
import TestSupport
import Testing

/// Quantized .tflite files through conversion and the native format.
@Suite(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
struct QuantizedFileTests {
  struct Network: Sendable, CustomTestStringConvertible {
    let file: String
    let folder: String
    /// Element types of the constants that have scales.
    let counts: Set<ElementType>

    var testDescription: String { file }
  }

  static let networks = [
    Network(
      file: "imagenet/mobilenetv2_torchvision_int8", folder: "mobilenetv2_torchvision_int8", counts: [.int8, .int32]),
    Network(
      file: "imagenet/mobilenetv2_torchvision_dynrange", folder: "mobilenetv2_torchvision_dynrange", counts: [.int8]),
    Network(
      file: "hosted/mobilenet_v2_1.0_224_quant", folder: "mobilenet_v2_1.0_224_quant", counts: [.uint8, .int32]),
    Network(
      file: "hosted/tf2_mobilenet_v2_1.0_224_ptq", folder: "tf2_mobilenet_v2_1.0_224_ptq", counts: [.int8, .int32]),
    Network(file: "other/vww_96_int8", folder: "vww_96_int8", counts: [.int8, .int32]),
    Network(file: "other/resnet8_cifar_int8", folder: "resnet8_cifar_int8", counts: [.int8, .int32]),
    Network(
      file: "hosted/deeplabv3_mnv2_dm05_pascal_quant", folder: "deeplabv3_mnv2_dm05_pascal_quant",
      counts: [.uint8, .int32]),
  ]

  /// Source file → native → run, twice: the same bytes, and the counts of LiteRT's reference kernels.
  @Test(arguments: networks) func nativeFilesCarryTheCountsAndTheirMeaning(_ network: Network) throws {
    let folder = TemporaryFolder()
    let (first, second) = (folder.path("first.safetensors"), folder.path("second.safetensors"))
    let source = try Model(contentsOf: SharedModels.path("\(network.file).tflite"))
    try source.converted().model.write(to: first)
    try Model(contentsOf: first).converted().model.write(to: second)
    let again = folder.path("again.safetensors")
    try Model(contentsOf: SharedModels.path("\(network.file).tflite")).converted().model.write(to: again)
    #expect(TemporaryFolder.bytes(of: first) == TemporaryFolder.bytes(of: again))

    let native = try Model(contentsOf: first)
    #expect(native.graph.arithmetic == .liteRT)
    let quantized = native.graph.values.filter { $0.constant != nil && $0.type.quantization != nil }
    #expect(Set(quantized.map(\.type.elementType)) == network.counts)
    let input = try SharedModels.reference(network.folder, "cat_input")
    let expected = try source.run([input], on: .referenceInterpreter)
    for path in [first, second] {
      let result = try Model(contentsOf: path).run([input], on: .referenceInterpreter)
      #expect(result.map(\.type) == expected.map(\.type))
      #expect(try result[0].doubles() == expected[0].doubles())
      // Where real numbers are computed between counts, the engine's sums are rounded elsewhere.
      if network.counts.contains(.int32) {
        #expect(try Model(contentsOf: path).run([input])[0].doubles() == expected[0].doubles())
      }
    }
  }

  @Test func halfPrecisionWeightsAreKeptOrReadAsTheFileHasThem() throws {
    let folder = TemporaryFolder()
    let path = folder.path("model.safetensors")
    let source = try Model(contentsOf: SharedModels.path("imagenet/mobilenetv2_torchvision_fp16.tflite"))
    // Without the pass that computes constants, the halves stay behind their DEQUANTIZE.
    try source.converted(ConversionOptions(skippedPasses: ["fold-constants"])).model.write(to: path)
    let native = try Model(contentsOf: path)
    let halves = native.graph.values.filter { $0.constant?.elementType == .float16 }
    #expect(halves.count > 100)
  }

  /// Its quantized dimensions lie outside the ranks: shown with findings, not converted.
  @Test func contradictoryQuantizationIsShownAndNotConverted() throws {
    let model = try Model(contentsOf: SharedModels.path("other/person_detect_int8.tflite"))
    let summary = model.summary()
    let faults = summary.findings.filter { $0.code == "quantized-axis" }
    #expect(!faults.isEmpty)
    let error = #expect(throws: ModelError.self) { try model.converted() }
    #expect(error?.code == .malformed)
    let message = error?.message ?? ""
    for fault in faults {
      let name = fault.message.split(separator: "'").first.map(String.init) ?? ""
      #expect(message.contains("'\(name)'"), "\(name)")
    }
  }

  @Test func verifyingCountsTellsTheirDifferences() throws {
    let model = try Model(contentsOf: SharedModels.path("other/vww_96_int8.tflite")).converted().model
    let port = model.graph.outputs[0].name
    let references = try ReferenceSet(
      inputs: [NamedTensor(try SharedModels.reference("vww_96_int8", "cat_input"))],
      outputs: [NamedTensor(name: port, try SharedModels.reference("vww_96_int8", "cat_out0_refkernels"))],
      of: model.graph, name: "reference kernels")
    let result = try model.verify(references, options: VerificationOptions(candidate: .referenceInterpreter))
    let output = try #require(result.outputs.first)
    #expect(output.counts?.maximum == 0)
    #expect(output.counts?.differing == 0)
    #expect(output.metrics.signalToNoise == .infinity)
    #expect(result.text(.plain).contains("Max counts"))
  }
}
