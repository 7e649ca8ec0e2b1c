import FormatSupport
import Glibc
import TestSupport
import Testing

/// Whatever is wrong with the input: the design's exit code, one message, and no output left behind.
struct BadInputTests {
  private static func expectNoOutput(
    _ path: String, code: Int32, mentioning words: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let folder = TemporaryFolder()
    Command.expectFailure(
      ["convert", path, "-o", folder.path("out.safetensors")], code: code, mentioning: words,
      sourceLocation: sourceLocation)
    #expect(folder.entries.isEmpty, sourceLocation: sourceLocation)
  }

  @Test func missingFileAndFolder() {
    let folder = TemporaryFolder()
    Self.expectNoOutput(folder.path("none.onnx"), code: 66, mentioning: ["none.onnx", "no such file"])
    Self.expectNoOutput(folder.path, code: 66, mentioning: ["directory"])
    Self.expectNoOutput("/dev/null", code: 66, mentioning: ["regular file"])
    Command.expectFailure(["summary", folder.path("none.h5")], code: 66)
    Command.expectFailure(["run", folder.path("none.h5"), "--input", "x.npy"], code: 66)
    Command.expectFailure(["verify", folder.path("none.h5"), "--reference", "x.npz"], code: 66)
  }

  @Test(arguments: ["a.tflite", "a.onnx", "a.h5", "a.safetensors", "a"])
  func emptyFilesAndText(name: String) {
    let folder = TemporaryFolder()
    Self.expectNoOutput(folder.write([], to: name), code: 65, mentioning: [name, "empty"])
    Self.expectNoOutput(
      folder.write(Array("Dear reader,\nthis is a letter.\n".utf8), to: "text-\(name)"), code: 65, mentioning: [name])
  }

  @Test(
    .enabled(if: SharedModels.isAvailable, SharedModels.comment),
    arguments: ["other/vww_96_float.tflite", "other/ultraface_rfb_320.onnx", "keras/vww_96.h5", "native"])
  func cutFiles(file: String) throws {
    let folder = TemporaryFolder()
    let name: String
    let bytes: [UInt8]
    if file == "native" {
      name = "cut.safetensors"
      let whole = folder.path("whole.safetensors")
      #expect(Command.run(["convert", SharedModels.path("other/vww_96_float.tflite"), "-o", whole]).exitCode == 0)
      bytes = try #require(TemporaryFolder.bytes(of: whole))
    } else {
      name = "cut." + (file.split(separator: ".").last.map(String.init) ?? "")
      bytes = try #require(TemporaryFolder.bytes(of: SharedModels.path(file)))
    }
    for step in 0..<50 {
      let path = folder.write(Array(bytes.prefix(bytes.count * step / 50)), to: name)
      Self.expectNoOutput(path, code: 65, mentioning: [name])
    }
  }

  @Test func externalDataOnlyInTheModelsOwnFolder() {
    Self.expectNoOutput(
      Golden.path("Command/missing_data.onnx"), code: 66, mentioning: ["weights.bin", "'dense'", "tensor 'w'"])
    Self.expectNoOutput(
      Golden.path("Command/escaping_data.onnx"), code: 65, mentioning: ["../weights.bin", "folder"])
  }

  @Test func unknownOperatorsAreAllListed() {
    let path = Golden.path("Command/unknown_operators.onnx")
    Self.expectNoOutput(path, code: 69, mentioning: ["Frobnicate", "'first'", "Grumble", "'third'"])
    Command.expectFailure(["run", path, "--input", path], code: 69)
    let summary = Command.run(["summary", path])
    #expect(summary.exitCode == 0)
    #expect(summary.outputText.contains("Grumble"))
  }

  @Test(arguments: [
    ("nan.onnx", "element 1 of 4", "tensor 'w'"), ("nan.tflite", "element 2 of 4", "tensor 'nan_1/dense_1/MatMul'"),
    ("nan.h5", "element 1 of 4", "tensor 'model_weights/dense/nan/dense/kernel'"),
    ("nan.keras", "element 1 of 4", "tensor 'layers/dense/vars/0'"),
  ])
  func weightsThatAreNotFinite(name: String, element: String, tensor: String) {
    let path = Golden.path("Command/" + name)
    Self.expectNoOutput(path, code: 65, mentioning: [name, element, tensor, "--allow-nonfinite"])
    #expect(Command.run(["summary", path]).exitCode == 0)
    let folder = TemporaryFolder()
    let output = folder.path("nan.safetensors")
    #expect(Command.run(["convert", path, "-o", output, "--allow-nonfinite"]).exitCode == 0)
    Self.expectNoOutput(output, code: 65, mentioning: ["--allow-nonfinite"])
    Command.expectFailure(["verify", output, "--against", path], code: 65)
  }

  @Test(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
  func existingAndUnwritableOutputs() throws {
    let model = SharedModels.path("other/vww_96_float.tflite")
    let folder = TemporaryFolder()
    let existing = folder.write([1, 2, 3], to: "out.safetensors")
    Command.expectFailure(["convert", model, "-o", existing], code: 73, mentioning: ["--force"])
    #expect(TemporaryFolder.bytes(of: existing) == [1, 2, 3])
    #expect(Command.run(["convert", model, "-o", existing, "--force"]).exitCode == 0)
    #expect(TemporaryFolder.bytes(of: existing)?.count ?? 0 > 100_000)
    Command.expectFailure(["convert", model, "-o", folder.path("no/such/folder/out")], code: 73)
    Command.expectFailure(["convert", model, "-o", folder.path], code: 73, mentioning: ["directory"])
    Command.expectFailure(["convert", model, "-o", "/dev/full", "--force"], code: 73)
    #expect(folder.entries == ["out.safetensors"])
  }

  @Test(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
  func reportOnAFullDisk() {
    let run = ToolRun.run(
      "/bin/sh",
      [
        "-c", "exec \"$0\" summary \"$1\" > /dev/full", ToolRun.builtProduct("ferry"),
        SharedModels.path("other/vww_96_float.tflite"),
      ])
    #expect(run.exitCode == 74)
  }
}
