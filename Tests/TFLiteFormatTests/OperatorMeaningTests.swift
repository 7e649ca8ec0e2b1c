import FormatSupport
import ModelGraph
import ReferenceInterpreter
import TFLiteFormat
import TestSupport
import Testing

/// Each operator case of `operators.tflite` through the importer and the reference interpreter, against what LiteRT
/// answered (`make_operators.py`).
struct OperatorMeaningTests {
  @Test func everyCaseAnswersAsTheRuntimeDoes() throws {
    let program = try TFLiteGolden.program("operators")
    let answers = try NPZFile(path: Golden.path("TFLite/operators.npz"))
    var compared = 0
    for signature in program.signatures {
      let key = signature.name
      let graph = program.graphs[signature.graph]
      let inputs = try graph.inputs.map { port in
        try answers.tensor(named: "\(key).\(signature.inputs.first { $0.value == port.name }?.key ?? port.name)")
      }
      let results = try ReferenceInterpreter(graph).run(inputs)
      for (port, result) in zip(graph.outputs, results) {
        let name = signature.outputs.first { $0.value == port.name }?.key ?? port.name
        let expected = try answers.tensor(named: "\(key).\(name)")
        #expect(result.extents == expected.extents, "\(key)")
        #expect(result.elementType == expected.elementType, "\(key)")
        // Divisions and powers reach large values; everything else is of unit scale.
        let difference = Difference(try result.doubles(), try expected.doubles())
        #expect(difference.maximumAbsolute <= 2e-6 || difference.relativeToLargest <= 2e-6, "\(key): \(difference)")
        compared += 1
      }
    }
    #expect(compared >= 137)
  }

  struct Reference: Sendable {
    let file: String
    let folder: String
    let input: String
    /// Which of the runtime's answers counts, where it is not the default kernels' one.
    var answer: String?
    var tolerance: Double
    /// Whether the tolerance counts in units of the largest output.
    var isRelative = false
  }

  static let references = [
    Reference(
      file: "imagenet/mobilenetv2_torchvision_float32", folder: "mobilenetv2_torchvision_float32", input: "cat",
      tolerance: 3e-5),
    Reference(
      file: "imagenet/mobilenetv2_torchvision_fp16", folder: "mobilenetv2_torchvision_fp16", input: "random",
      tolerance: 1e-4),
    Reference(
      file: "hosted/tm_fruit_model_unquant", folder: "tm_fruit_model_unquant", input: "cat", tolerance: 1e-4),
    Reference(file: "other/vww_96_float", folder: "vww_96_float", input: "cat", tolerance: 1e-4),
    Reference(
      file: "other/resnet8_cifar_float", folder: "resnet8_cifar_float", input: "cat", tolerance: 1e-4,
      isRelative: true),
    Reference(
      file: "other/mobilenet_v1_0.25_128_float", folder: "mobilenet_v1_0.25_128_float", input: "cat", tolerance: 1e-4),
    Reference(
      file: "other/mediapipe_face_detection_short_range", folder: "mediapipe_face_detection_short_range",
      input: "random", tolerance: 1e-4, isRelative: true),
    Reference(
      file: "hosted/deeplabv3_mnv2_float_257", folder: "deeplabv3_mnv2_float_257", input: "cat",
      answer: "out0_refkernels",
      tolerance: 5e-4),
  ]

  @Test(.enabled(if: SharedModels.isAvailable, SharedModels.comment), arguments: references)
  func realModelsAnswerAsTheRuntimeDoes(_ reference: Reference) throws {
    let file = try MappedFile(path: SharedModels.path("\(reference.file).tflite"))
    let graph = try TFLiteFormat.read(file, options: .standard).mainGraph
    let input = try SharedModels.reference(reference.folder, "\(reference.input)_input")
    let results = try ReferenceInterpreter(graph).run([input])
    #expect(!results.isEmpty)
    for (index, result) in results.enumerated() {
      let expected = try SharedModels.reference(
        reference.folder, "\(reference.input)_\(reference.answer ?? "out\(index)")")
      #expect(result.extents == expected.extents)
      let difference = Difference(try result.floats(), try expected.floats())
      let distance = reference.isRelative ? difference.relativeToLargest : difference.maximumAbsolute
      #expect(distance <= reference.tolerance, "output \(index): \(difference)")
    }
  }
}
