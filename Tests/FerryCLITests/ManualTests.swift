import TestSupport
import Testing

/// The manual pages and the completion scripts that `ferry` writes of itself.
struct ManualTests {
  private static let commands = ["summary", "convert", "verify", "run", "bench", "check", "classify"]

  /// The pages in a folder of their own, by their names.
  private static func pages() throws -> [String: String] {
    let folder = TemporaryFolder()
    let run = Command.run(["manual", "--output", folder.path])
    #expect(run.exitCode == 0 && run.standardOutput.isEmpty && run.standardError.isEmpty, "\(run.errorText)")
    var pages: [String: String] = [:]
    for entry in folder.entries {
      let bytes = try #require(TemporaryFolder.bytes(of: folder.path(entry)))
      pages[entry] = String(decoding: bytes, as: UTF8.self)
    }
    return pages
  }

  /// Every option that a command's help names.
  private static func options(of command: String) -> [String] {
    Command.run([command, "--help"]).outputText.split(separator: "\n").flatMap { line -> [String] in
      guard line.hasPrefix("  -") else { return [] }
      return line.split(whereSeparator: { " ,".contains($0) }).prefix { $0.hasPrefix("-") }.map(String.init)
    }
  }

  @Test func everyCommandHasAPageWithAllItsOptions() throws {
    let pages = try Self.pages()
    #expect(Set(pages.keys) == Set(["ferry.1"] + Self.commands.map { "ferry-\($0).1" }))
    let overview = try #require(pages["ferry.1"])
    for command in Self.commands {
      #expect(overview.contains("ferry\\-\(command)(1)"))
      let page = try #require(pages["ferry-\(command).1"])
      let options = Self.options(of: command)
      #expect(options.count > 8)
      for option in options {
        #expect(page.contains("\\fB\(option.replacing("-", with: "\\-"))\\fR"), "\(command) \(option)")
      }
      for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "EXIT STATUS", "SEE ALSO"] {
        #expect(page.contains("\n.SH \(section)\n"), "\(command) \(section)")
      }
    }
  }

  @Test func theOverviewNamesEveryExitCodeAndVariable() throws {
    let page = try #require(try Self.pages()["ferry.1"])
    for code in [0, 1, 64, 65, 66, 69, 70, 73, 74] { #expect(page.contains("\n\\fB\(code)\\fR\n"), "\(code)") }
    for variable in ["FERRY_HDF5_READER", "NO_COLOR", "TERM"] { #expect(page.contains("\\fB\(variable)\\fR")) }
  }

  /// groff finds nothing to warn of.
  @Test(.enabled(if: ToolRun.isInstalled("groff"), "groff (groff-base) is not installed"))
  func pagesAreSetWithoutAWarning() throws {
    for (name, page) in try Self.pages() {
      let run = ToolRun.run("groff", ["-man", "-Tutf8", "-Kutf8", "-wall", "-z"], input: Array(page.utf8))
      #expect(run.exitCode == 0, "\(name)")
      #expect(run.standardError.isEmpty, "\(name): \(run.errorText)")
    }
  }

  /// The examples are understood: in an empty folder only the files are missing.
  @Test(arguments: commands)
  func examplesAreRightUsage(command: String) throws {
    let help = Command.run(["help", command]).outputText.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(help.firstIndex(of: "Examples:"))
    let examples = help[(start + 1)...].prefix { !$0.isEmpty }
    #expect(!examples.isEmpty)
    for example in examples {
      // A line that is too long for a terminal would be broken.
      #expect(example.hasPrefix("  ferry "))
      let words = example.split(separator: " ").dropFirst().map(String.init)
      let folder = TemporaryFolder()
      let run = Command.run(words, folder: folder.path)
      #expect(run.exitCode == 66, "\(example): \(run.errorText)")
      #expect(folder.entries.isEmpty)
    }
  }

  @Test(
    .enabled(if: ["bash", "zsh", "fish"].allSatisfy(ToolRun.isInstalled), "bash, zsh or fish is not installed"),
    arguments: ["bash", "zsh", "fish"])
  func completionScriptsAreWhatTheShellTakes(shell: String) throws {
    let script = Command.run(["--generate-completion-script", shell])
    #expect(script.exitCode == 0)
    for command in Self.commands { #expect(script.outputText.contains(command)) }
    for word in ["safetensors", "fold-batch-norm", "keras128", "markdown"] {
      #expect(script.outputText.contains(word), "\(shell): \(word)")
    }
    #expect(!script.outputText.contains("manual"))
    let folder = TemporaryFolder()
    let run = ToolRun.run(shell, ["-n", folder.write(script.standardOutput, to: "ferry.\(shell)")])
    #expect(run.exitCode == 0, "\(run.errorText)")
  }

  /// bash offers the files that hold models and no others, the values of an option, and the commands.
  @Test(arguments: [
    ("ferry sum", ["summary"]), ("ferry summary --format ", ["text", "json", "csv", "markdown"]),
    ("ferry summary a", ["a.onnx", "a.keras"]), ("ferry classify m.onnx --preprocess k", ["keras128"]),
  ])
  func bashCompletes(line: String, expected: [String]) throws {
    let folder = TemporaryFolder()
    for name in ["a.onnx", "a.keras", "a.txt"] { folder.write([], to: name) }
    let script = Command.run(["--generate-completion-script", "bash"]).standardOutput
    folder.write(script, to: ".completion")
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    let list = words.map { "'\($0)'" }.joined(separator: " ")
    let body = """
      . ./.completion; COMP_WORDS=(\(list)); COMP_CWORD=\(words.count - 1); COMP_LINE='\(line)'; COMP_POINT=\(line.count)
      _ferry ferry '\(words.last ?? "")' '\(words.dropLast().last ?? "")'; printf '%s\\n' "${COMPREPLY[@]}"
      """
    let run = ToolRun.run("bash", ["-c", body], folder: folder.path)
    let offered = run.outputText.split(separator: "\n").map { $0.trimmingPrefix("./") }.map(String.init)
    #expect(Set(offered.map { $0.hasSuffix(" ") ? String($0.dropLast()) : $0 }) == Set(expected), "\(run.errorText)")
  }
}
