import TestSupport
import Testing

struct UsageTests {
  @Test func versionAndHelp() {
    let version = Command.run(["--version"])
    #expect(version.exitCode == 0)
    #expect(version.outputText == "0.1.0\n")
    #expect(version.errorText.isEmpty)
    let help = Command.run(["--help"])
    #expect(help.exitCode == 0)
    for command in ["summary", "convert", "verify", "run"] { #expect(help.outputText.contains(command)) }
    #expect(Command.run(["help", "convert"]).outputText.contains("--force"))
  }

  @Test(arguments: [
    ["frobnicate"], ["summary"], ["summary", "a", "b"], ["summary", "--no-such-option", "a"],
    ["summary", "a", "--format", "xml"], ["convert", "a.h5"], ["verify", "a", "--atol"],
    ["summary", "a", "--assert-params", "many"],
  ])
  func wrongUsage(arguments: [String]) {
    Command.expectFailure(arguments, code: 64, mentioning: ["usage"])
  }

  /// As its help says, of every command: `--quiet` leaves the report in words out, and one for programs in.
  @Test(arguments: ["summary", "check", "bench", "classify"])
  func quietIsQuiet(command: String) {
    let samples = SharedModels.packageRoot + "Samples/"
    var arguments = [command, samples + "digits.onnx", "--quiet"]
    if command == "classify" { arguments += [samples + "images/04-four.png", "--preprocess", "tf"] }
    if command == "bench" { arguments += ["--runs", "1", "--no-steps"] }
    let run = Command.run(arguments)
    #expect(run.signal == nil && run.standardOutput.isEmpty && run.standardError.isEmpty, "\(run.errorText)")
    #expect(Command.run(arguments + ["--format", "json"]).outputText.hasPrefix("{"))
  }

  /// What had to be assumed of a network is said wherever it runs.
  @Test(arguments: ["bench", "classify", "run", "verify", "check"])
  func assumptionsAreWarnings(command: String) {
    let samples = SharedModels.packageRoot + "Samples/"
    var arguments = [command, samples + "digits.weights.h5"]
    switch command {
    case "bench": arguments += ["--runs", "1", "--no-steps"]
    case "classify": arguments += [samples + "images/04-four.png", "--preprocess", "tf"]
    case "run": arguments += ["--input", samples + "none.npy"]
    case "verify": arguments += ["--reference", samples + "none.npz"]
    default: break
    }
    let run = Command.run(arguments)
    #expect(run.errorText.contains("warning: the file holds weights only"), "\(run.errorText)")
    #expect(!Command.run(arguments + ["--quiet"]).errorText.contains("warning"))
  }

  /// The name of an input ends at the sign, whatever mark the file's name begins with.
  @Test func aMarkBehindASignHidesNoFile() {
    let folder = TemporaryFolder()
    let model = SharedModels.packageRoot + "Samples/digits.onnx"
    let run = ToolRun.run(
      ToolRun.builtProduct("ferry"), ["run", model, "--input", "nobody=\u{301}x.npy"], folder: folder.path)
    #expect(run.exitCode == 66 && !run.errorText.contains("nobody"), "\(run.errorText)")
  }

  @Test func onlyOptionsOfTheCommandAreHinted() {
    let model = Golden.path("Command/nan.onnx")
    let bench = Command.expectFailure(["bench", model, "--runs", "1"], code: 65, mentioning: ["not a finite number"])
    #expect(!bench.errorText.contains("--allow-nonfinite"))
    let folder = TemporaryFolder()
    Command.expectFailure(["convert", model, "-o", folder.path("o")], code: 65, mentioning: ["--allow-nonfinite"])
  }

  @Test func anOperatorThatDoesNotExistIsWrongUsage() {
    let model = SharedModels.packageRoot + "Samples/digits.onnx"
    let wrong = Command.run(["summary", model, "--assert-op-count", "nosuch=0"])
    #expect(wrong.exitCode == 64 && wrong.errorText.contains("no operator 'nosuch'"))
    #expect(Command.run(["summary", model, "--assert-op-count", "lAYERnorm=0"]).exitCode == 0)
  }

  @Test func helpOfAnUnknownCommandIsAnError() {
    Command.expectFailure(["help", "frobnicate"], code: 64, mentioning: ["'frobnicate'"])
    #expect(Command.run(["help"]).exitCode == 0)
    #expect(Command.run(["help", "help"]).exitCode == 0)
  }

  @Test func withoutACommandTheHelpIsAnError() {
    let run = Command.run([])
    #expect(run.exitCode == 64)
    #expect(run.standardOutput.isEmpty)
    #expect(run.errorText.contains("convert"))
  }

  @Test func fullDisk() {
    let run = ToolRun.run(
      "/bin/sh", ["-c", "exec \"$0\" --help > /dev/full", ToolRun.builtProduct("ferry")])
    #expect(run.exitCode == 74)
    #expect(run.errorText.contains("standard output"))
  }

  @Test func aReaderThatLeavesEarlyIsNoFault() {
    let run = ToolRun.run(
      "/bin/bash", ["-c", "\"$0\" --help | true; echo ${PIPESTATUS[0]}", ToolRun.builtProduct("ferry")])
    #expect(run.outputText == "0\n")
  }
}
