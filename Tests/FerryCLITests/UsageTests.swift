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
