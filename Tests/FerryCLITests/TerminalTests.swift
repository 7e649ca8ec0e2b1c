import TestSupport
import Testing

/// What a terminal shows and a pipe does not: colour and progress.
struct TerminalTests {
  private static let model = SharedModels.packageRoot + "Samples/digits.tflite"

  /// Everything that the command writes to a terminal (util-linux's `script` makes one).
  private static func onTerminal(_ arguments: [String], environment: [String: String] = [:]) -> ToolRun {
    let words = ([ToolRun.builtProduct("ferry")] + arguments).map { "'\($0)'" }.joined(separator: " ")
    var variables = ["TERM": "xterm", "NO_COLOR": ""]
    variables.merge(environment) { $1 }
    return ToolRun.run("script", ["-qec", words, "/dev/null"], environment: variables)
  }

  private static let red = "\u{1B}[1;31m"

  @Test func errorsAreRedOnATerminalOnly() {
    let missing = ["summary", "/no/such/file.onnx"]
    let shown = Self.onTerminal(missing)
    #expect(shown.exitCode == 66 && shown.outputText.contains(Self.red), "\(shown.outputText)")
    for environment in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
      let plain = Self.onTerminal(missing, environment: environment)
      #expect(plain.exitCode == 66 && !plain.outputText.contains("\u{1B}"), "\(environment)")
    }
    #expect(!Command.run(missing, environment: ["TERM": "xterm"]).errorText.contains("\u{1B}"))
  }

  @Test func reportsAreColouredOnATerminalOnly() {
    #expect(Self.onTerminal(["summary", Self.model]).outputText.contains("\u{1B}["))
    #expect(!Self.onTerminal(["summary", Self.model], environment: ["NO_COLOR": "1"]).outputText.contains("\u{1B}[1m"))
    #expect(!Command.run(["summary", Self.model]).outputText.contains("\u{1B}"))
  }

  @Test func progressIsShownOnATerminalUnlessForbidden() {
    let folder = TemporaryFolder()
    let arguments = ["convert", Self.model, "--force", "-o", folder.path("out.safetensors")]
    let shown = Self.onTerminal(arguments)
    #expect(shown.exitCode == 0 && shown.outputText.contains("reading "), "\(shown.outputText)")
    for option in [["--progress", "never"], ["--quiet"]] {
      let silent = Self.onTerminal(arguments + option)
      #expect(silent.exitCode == 0 && !silent.outputText.contains("reading "), "\(option)")
    }
    #expect(!Command.run(arguments).errorText.contains("reading "))
  }
}
