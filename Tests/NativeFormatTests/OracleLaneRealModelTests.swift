import FormatSupport
import ModelGraph
import NativeFormat
import Passes
import TestSupport
import Testing

/// The part of ``OracleLaneTests`` that needs a real model.
@Suite(
  .enabled(if: PythonOracle.isAvailable, PythonOracle.comment),
  .enabled(if: SharedModels.isAvailable, SharedModels.comment))
struct OracleLaneRealModelTests {
  @Test func aRealModelsTensorsAreReadByOthers() throws {
    let program = try RealModelTests.program("imagenet/mobilenetv2_torchvision_bn.onnx")
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
