import FormatSupport
import ModelGraph
import TestSupport
import Testing

@Suite(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
struct VerifyCommandTests {
  private static let references = SharedModels.path("reference/vww_96_float/")
  private static let model = SharedModels.path("other/vww_96_float.tflite")

  private static func native(in folder: TemporaryFolder) -> String {
    let path = folder.path("model.safetensors")
    let run = Command.run(["convert", model, "-o", path, "--quiet"])
    #expect(run.exitCode == 0, "\(run.errorText)")
    #expect(run.outputText.isEmpty)
    return path
  }

  @Test func storedOutputs() throws {
    let folder = TemporaryFolder()
    let native = Self.native(in: folder)
    let input = "\(Self.references)cat_input.npy"
    let expected = "\(Self.references)cat_out0.npy"
    let good = Command.run(["verify", native, "--input", input, "--expected", expected])
    #expect(good.exitCode == 0, "\(good.errorText)")
    #expect(good.outputText.contains("passed"))
    let wrong = Command.run(["verify", native, "--input", input, "--expected", "\(Self.references)random_out0.npy"])
    #expect(wrong.exitCode == 1)
    #expect(wrong.outputText.contains("failed"))
    let loose = Command.run([
      "verify", native, "--input", input, "--expected", "\(Self.references)random_out0.npy", "--atol", "10",
    ])
    #expect(loose.exitCode == 0)
  }

  @Test func archiveOfReferences() throws {
    let folder = TemporaryFolder()
    let archive = folder.path("refs.npz")
    try NPZFile.write(
      [
        ("input", try NPYFile.read(path: "\(Self.references)cat_input.npy")),
        ("output", try NPYFile.read(path: "\(Self.references)cat_out0.npy")),
        ("comment", try Tensor([Float(1)], shape: [1])),
      ], to: archive, replacing: false)
    let run = Command.run(["verify", Self.native(in: folder), "--reference", archive, "--format", "json"])
    #expect(run.exitCode == 0, "\(run.errorText)")
    #expect(run.errorText.contains("'comment'") || run.errorText.contains("comment"))
    let report = try JSONParser.parse(run.outputText)
    #expect(report.objectValue?["schema"]?.stringValue == "ferry.verification/1")
    #expect(report.objectValue?["passed"]?.boolValue == true)
  }

  @Test func againstTheSource() throws {
    let folder = TemporaryFolder()
    let native = Self.native(in: folder)
    let run = Command.run(["verify", native, "--against", Self.model, "--format", "json"])
    #expect(run.exitCode == 0, "\(run.errorText)")
    let report = try JSONParser.parse(run.outputText)
    #expect(report.objectValue?["layers"]?.arrayValue?.isEmpty == false)
    #expect(report.objectValue?["unmatchedNodes"]?.arrayValue?.isEmpty == true)
    let strict = Command.run(["verify", native, "--against", Self.model, "--atol", "0", "--fail-fast"])
    #expect(strict.exitCode == 1)
    #expect(strict.outputText.contains("first layer over tolerance"))
  }

  @Test func wrongUses() {
    let folder = TemporaryFolder()
    let native = Self.native(in: folder)
    Command.expectFailure(["verify", native], code: 64)
    Command.expectFailure(["verify", native, "--against", Self.model, "--atol", "nobody:1"], code: 64)
    Command.expectFailure(["verify", native, "--against", Self.model, "--atol", "-1"], code: 64)
    Command.expectFailure(
      ["verify", native, "--input", "nobody=\(Self.references)cat_input.npy", "--expected", "x.npy"], code: 66)
    Command.expectFailure(["verify", native, "--reference", folder.path("none.npz")], code: 66)
    Command.expectFailure(["verify", native, "--reference", Self.model], code: 65)
  }
}
