import FormatSupport
import TestSupport
import Testing

@Suite(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
struct RunCommandTests {
  private static let references = SharedModels.path("reference/vww_96_float/")
  private static let model = SharedModels.path("other/vww_96_float.tflite")

  @Test(arguments: [[], ["--reference-interpreter"]])
  func outputsAsTheModelsOwnRuntime(options: [String]) throws {
    let folder = TemporaryFolder()
    let output = folder.path("y.npy")
    let run = Command.run(
      ["run", Self.model, "--input", "\(Self.references)cat_input.npy", "-o", output] + options)
    #expect(run.exitCode == 0, "\(run.errorText)")
    let found = try NPYFile.read(path: output)
    let expected = try NPYFile.read(path: "\(Self.references)cat_out0.npy")
    #expect(found.extents == expected.extents)
    #expect(maximumAbsoluteDifference(try found.floats(), try expected.floats()) <= 1e-4)
  }

  @Test func wrongUses() {
    let input = "\(Self.references)cat_input.npy"
    let folder = TemporaryFolder()
    Command.expectFailure(["run", Self.model], code: 64, mentioning: ["not given"])
    Command.expectFailure(["run", Self.model, "--input", "nobody=\(input)"], code: 64, mentioning: ["nobody"])
    Command.expectFailure(["run", Self.model, "--input", input, "--input", input], code: 64, mentioning: ["twice"])
    Command.expectFailure(["run", Self.model, "--input", folder.path("none.npy")], code: 66)
    Command.expectFailure(["run", Self.model, "--input", Self.model], code: 65)
    Command.expectFailure(["run", Self.model, "--input", "\(Self.references)cat_out0.npy"], code: 64)
    Command.expectFailure(["run", Self.model, "--input", input, "--skip-pass", "nothing"], code: 64)
    Command.expectFailure(["run", Self.model, "--input", input, "-o", folder.path("no/y.npy")], code: 73)
    #expect(folder.entries.isEmpty)
  }
}
