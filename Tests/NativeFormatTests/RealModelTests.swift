import FormatSupport
import ModelGraph
import NativeFormat
import ONNXFormat
import Passes
import TFLiteFormat
import TestSupport
import Testing

/// Other people's models, as they were read and in canonical form, to the native format and back.
@Suite(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
struct RealModelTests {
  static let models = [
    "imagenet/mobilenetv2_torchvision.onnx", "imagenet/mobilenetv2_torchvision_bn.onnx",
    "imagenet/mobilenetv2_torchvision_float32.tflite", "imagenet/mobilenetv2_torchvision_fp16.tflite",
    "hosted/deeplabv3_mnv2_float_257.tflite", "hosted/tm_fruit_model_unquant.tflite", "other/vww_96_float.tflite",
    "other/resnet8_cifar_float.tflite", "other/mobilenet_v1_0.25_128_float.tflite",
    "other/mediapipe_face_detection_short_range.tflite", "other/ultraface_rfb_320.onnx",
  ]

  private func program(_ name: String) throws -> Program {
    let file = try MappedFile(path: SharedModels.path(name))
    return name.hasSuffix(".onnx")
      ? try ONNXFormat.read(file, options: .standard) : try TFLiteFormat.read(file, options: .standard)
  }

  @Test(arguments: models)
  func roundTrips(name: String) throws {
    let program = try program(name)
    let canonical = program.with(mainGraph: try PassPipeline.canonical.run(program.mainGraph).graph)
    for program in [program, canonical] {
      let bytes = try NativeFile.bytes(of: program)
      #expect(bytes == (try NativeFile.bytes(of: program)))
      let read = try NativeFile.read(bytes).program
      #expect(read.graphs.count == program.graphs.count)
      for (a, b) in zip(read.graphs, program.graphs) { try expectEqual(a, b) }
      #expect(bytes == (try NativeFile.bytes(of: read)))
    }
  }

  @Test(.enabled(if: PythonOracle.isAvailable, PythonOracle.comment))
  func otherReadersAgree() throws {
    let program = try program("imagenet/mobilenetv2_torchvision_bn.onnx")
    let canonical = program.with(mainGraph: try PassPipeline.canonical.run(program.mainGraph).graph)
    let folder = TemporaryFolder()
    let model = folder.path("model.safetensors")
    try NativeFormat.write(canonical, provenance: SamplePrograms.provenance, to: model, replacing: false)
    var tensors: [(name: String, tensor: Tensor)] = []
    for value in canonical.mainGraph.values {
      if let constant = value.constant, case .bytes = constant.content { tensors.append((value.name, constant)) }
    }
    try NPZFile.write(tensors, to: folder.path("expected.npz"), replacing: false)
    let run = PythonOracle.run("native_file.py", [model, folder.path("expected.npz")])
    #expect(run.exitCode == 0, "\(run.errorText)")
  }
}
