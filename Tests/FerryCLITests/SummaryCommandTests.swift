import FormatSupport
import TestSupport
import Testing

@Suite(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
struct SummaryCommandTests {
  private static let model = SharedModels.path("imagenet/mobilenetv2_torchvision.h5")

  @Test func totalsOfTheKerasFile() {
    let run = Command.run(["summary", Self.model])
    #expect(run.exitCode == 0, "\(run.errorText)")
    for number in ["3,538,984", "3,504,872", "34,112", "3,487,816", "300,774,272"] {
      #expect(run.outputText.contains(number), "\(number)")
    }
    #expect(!run.outputText.contains("\u{1B}"))
  }

  @Test func machineFormats() throws {
    let run = Command.run(["summary", Self.model, "--format", "json"])
    let totals = try JSONParser.parse(run.outputText).objectValue?["totals"]?.objectValue
    #expect(totals?["trainable"]?.integerValue == 3_504_872)
    let csv = Command.run(["summary", Self.model, "--format", "csv"])
    #expect(csv.outputText.hasPrefix("Layer,Operator,Detail,Output,Parameters,MACs\n"))
    #expect(Command.run(["summary", Self.model, "--format", "markdown"]).outputText.hasPrefix("# "))
  }

  @Test func assertions() {
    let right = ["--assert-params", "3538984", "--assert-op-count", "conv2d=52", "--assert-macs", "300774272"]
    #expect(Command.run(["summary", Self.model] + right).exitCode == 0)
    let wrong = Command.run(["summary", Self.model, "--assert-params", "3538985"])
    #expect(wrong.exitCode == 1)
    #expect(wrong.errorText.contains("expected 3538985 parameters, found 3538984"))
    Command.expectAssertionUsage(["summary", Self.model, "--assert-op-count", "conv2d"])
  }

  @Test func aMisleadingExtensionIsANote() throws {
    let folder = TemporaryFolder()
    let bytes = try #require(TemporaryFolder.bytes(of: SharedModels.path("other/vww_96_float.tflite")))
    let run = Command.run(["summary", folder.write(bytes, to: "model.h5")])
    #expect(run.exitCode == 0)
    #expect(run.errorText.contains("note: "))
  }
}

extension Command {
  /// A wrong assertion is wrong usage, though the report was written already.
  static func expectAssertionUsage(_ arguments: [String]) { #expect(run(arguments).exitCode == 64) }
}
