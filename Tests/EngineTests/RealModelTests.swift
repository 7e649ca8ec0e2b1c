import Engine
import FormatSupport
import ModelGraph
import ONNXFormat
import Passes
import ReferenceInterpreter
import TFLiteFormat
import TestSupport
import Testing

@Suite(.enabled(if: SharedModels.isAvailable, SharedModels.comment), .serialized)
struct RealModelTests {
  struct Model: Sendable, CustomTestStringConvertible {
    let file: String
    let reference: String
    let input: String
    var outputs = ["out0"]
    /// The largest difference from the format's own runtime, relative to the largest output where that exceeds one.
    let tolerance: Double

    var testDescription: String { "\(file) \(input)" }
  }

  static let models = [
    Model(
      file: "imagenet/mobilenetv2_torchvision.onnx", reference: "mobilenetv2_torchvision_onnx", input: "cat",
      tolerance: 3e-5),
    Model(
      file: "imagenet/mobilenetv2_torchvision.onnx", reference: "mobilenetv2_torchvision_onnx", input: "random",
      tolerance: 3e-5),
    Model(
      file: "imagenet/mobilenetv2_torchvision_bn.onnx", reference: "mobilenetv2_torchvision_onnx", input: "cat",
      tolerance: 3e-5),
    Model(
      file: "imagenet/mobilenetv2_torchvision_float32.tflite", reference: "mobilenetv2_torchvision_float32",
      input: "cat", tolerance: 3e-5),
    Model(
      file: "imagenet/mobilenetv2_torchvision_fp16.tflite", reference: "mobilenetv2_torchvision_fp16", input: "cat",
      tolerance: 1e-4),
    Model(
      file: "hosted/tm_fruit_model_unquant.tflite", reference: "tm_fruit_model_unquant", input: "cat", tolerance: 1e-4),
    Model(file: "other/vww_96_float.tflite", reference: "vww_96_float", input: "cat", tolerance: 1e-4),
    Model(file: "other/resnet8_cifar_float.tflite", reference: "resnet8_cifar_float", input: "cat", tolerance: 1e-4),
    Model(
      file: "other/mobilenet_v1_0.25_128_float.tflite", reference: "mobilenet_v1_0.25_128_float", input: "cat",
      tolerance: 1e-4),
    Model(
      file: "hosted/deeplabv3_mnv2_float_257.tflite", reference: "deeplabv3_mnv2_float_257", input: "cat",
      outputs: ["out0_refkernels"], tolerance: 5e-4),
    Model(
      file: "other/mediapipe_face_detection_short_range.tflite", reference: "mediapipe_face_detection_short_range",
      input: "random", outputs: ["out0", "out1"], tolerance: 1e-4),
    Model(
      file: "other/ultraface_rfb_320.onnx", reference: "ultraface_rfb_320", input: "random", outputs: ["out0", "out1"],
      tolerance: 1e-4),
    Model(file: "other/light_resnet50.onnx", reference: "light_resnet50", input: "random", tolerance: 1e-4),
  ]

  static func canonicalGraph(_ name: String) throws(ModelError) -> Graph {
    let file = try MappedFile(path: SharedModels.path(name))
    let program =
      name.hasSuffix(".onnx")
      ? try ONNXFormat.read(file, options: .standard) : try TFLiteFormat.read(file, options: .standard)
    return try PassPipeline.canonical.run(program.mainGraph).graph
  }

  @Test(arguments: models) func realModelsAgreeWithTheirOwnRuntime(model: Model) throws {
    let engine = try Engine(graph: try Self.canonicalGraph(model.file))
    let input = try SharedModels.reference(model.reference, "\(model.input)_input")
    let outputs = try engine.run([input])
    #expect(outputs.count == model.outputs.count)
    for (output, name) in zip(outputs, model.outputs) {
      let expected = try SharedModels.reference(model.reference, "\(model.input)_\(name)")
      let reference = try expected.floats()
      let difference = Difference(try output.floats(), reference)
      let scale = max(1, Double(reference.map(abs).max() ?? 1))
      #expect(output.extents == expected.extents)
      #expect(difference.maximumAbsolute <= model.tolerance * scale, "\(difference)")
    }
  }

  @Test(arguments: models.filter { $0.input == "cat" || $0.reference != "mobilenetv2_torchvision_onnx" })
  func realModelsAgreeWithTheInterpreter(model: Model) throws {
    let graph = try Self.canonicalGraph(model.file)
    let input = try SharedModels.reference(model.reference, "\(model.input)_input")
    let expected = try ReferenceInterpreter(graph).run([input])
    for set in [InstructionSet.automatic, .scalar] where set == .automatic || graph.nodes.count < 100 {
      let outputs = try Engine(graph: graph, options: EngineOptions(instructionSet: set)).run([input])
      for (output, reference) in zip(outputs, expected) {
        let difference = Difference(try output.floats(), try reference.floats())
        #expect(difference.relativeToLargest <= 1e-5, "\(set): \(difference)")
      }
    }
  }
}
