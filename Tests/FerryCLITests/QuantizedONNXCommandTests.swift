import FormatSupport
import TestSupport
import Testing

/// Small quantized ONNX files of one fault each (`bad.…` of `quantized.npz`, which make_quantized.py makes): what is refused, with which
/// exit code, and what is shown.
struct QuantizedONNXCommandTests {
  private let folder = TemporaryFolder()

  private func file(_ name: String) throws -> String {
    let archive = try NPZFile(path: Golden.path("ONNX/quantized.npz"))
    return folder.write(try archive.tensor(named: "bad.\(name).model").elements(as: UInt8.self), to: "\(name).onnx")
  }

  @Test(arguments: QuantizedONNXFaults.malformed)
  func malformedFilesAreRefused(_ name: String, _ message: String) throws {
    let path = try file(name)
    let words = [message, "'the_node'", "\(name).onnx"]
    Command.expectFailure(
      ["convert", path, "-o", folder.path("out.safetensors")], code: 65, mentioning: words)
    Command.expectFailure(["summary", path], code: 65, mentioning: words)
    #expect(folder.entries == ["\(name).onnx"])
  }

  /// Right by ONNX, and without a meaning here: shown, and refused by name.
  @Test(arguments: QuantizedONNXFaults.unsupported)
  func unsupportedFilesAreShownAndNotConverted(_ name: String, _ message: String) throws {
    let path = try file(name)
    let summary = Command.run(["summary", path])
    #expect(summary.exitCode == 0, "\(summary.errorText)")
    Command.expectFailure(
      ["convert", path, "-o", folder.path("out.safetensors")], code: 69, mentioning: [message, "'the_node'"])
    #expect(folder.entries == ["\(name).onnx"])
  }

  /// A bias whose scale is not input × weight scale: the pair around the operator stays, which `--explain` says, and a finding tells.
  @Test func aBiasOfAnotherScale() throws {
    let path = try file("bias_scale"), output = folder.path("out.safetensors")
    let run = Command.run(["convert", path, "-o", output, "--explain"])
    #expect(run.exitCode == 0, "\(run.errorText)")
    #expect(run.outputText.contains("the scale 0.0003 in channel 0"), "\(run.outputText)")
    #expect(
      run.outputText.contains("its bias has the scale 0.0003 in channel 0, not input × weight scale"),
      "\(run.outputText)")
    let summary = Command.run(["summary", output])
    #expect(summary.exitCode == 0 && summary.outputText.contains("conv2d"), "\(summary.outputText)")
  }
}
