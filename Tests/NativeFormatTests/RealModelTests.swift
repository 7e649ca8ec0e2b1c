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

  static func program(_ name: String) throws -> Program {
    let file = try MappedFile(path: SharedModels.path(name))
    return name.hasSuffix(".onnx")
      ? try ONNXFormat.read(file, options: .standard) : try TFLiteFormat.read(file, options: .standard)
  }

  @Test(arguments: models)
  func roundTrips(name: String) throws {
    let program = try Self.program(name)
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
}
