import Glibc
import TestSupport
import Testing

/// The README's terminal sessions, run again: it promises nothing that this does not show.
struct ReadmeTests {
  /// Blocks whose first line is `$ ferry …` are run, in their order and in one folder; `Samples` leads to the sample.
  ///
  /// A line `…` stands for any lines, `…` inside a line for any text. Times, differences and probabilities depend on the
  /// machine: any other number will do there, as will other widths of the columns. Everything else has to be as it stands.
  @Test func sessionsAreTrue() throws {
    let bytes = try #require(TemporaryFolder.bytes(of: SharedModels.packageRoot + "README.md"))
    let steps = TerminalSession.steps(inMarkdown: String(decoding: bytes, as: UTF8.self))
    for verb in ["summary", "convert", "run", "verify", "check", "classify", "bench"] {
      #expect(steps.contains { $0.command.hasPrefix("ferry \(verb) ") }, "the README shows no session of \(verb)")
    }
    let folder = TemporaryFolder()
    for name in ["Samples", "Tests"] {
      #expect(symlink(SharedModels.packageRoot + name, folder.path(name)) == 0)
    }
    let products = ToolRun.builtProduct("")
    let search = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    var exitCode: Int32 = 0
    for step in steps {
      // `$?` is the step's before.
      let run = ToolRun.run(
        "bash", ["-c", "exec 2>&1; (exit \(exitCode)); " + step.command],
        environment: ["PATH": products + ":" + search, "NO_COLOR": "1", "COLUMNS": ""], folder: folder.path)
      exitCode = run.exitCode ?? 255
      let mismatch = TerminalSession.mismatch(expected: step.output, printed: run.outputText)
      #expect(mismatch == nil, "$ \(step.command)\n\(mismatch ?? "")\n\(run.outputText)")
    }
  }

  @Test(arguments: [
    (["a 1.5e-07 b"], "a   3e-06 b\n", true), (["a 1.5e-07 b"], "a 1.5 b\n", false), (["3 of 4"], "2 of 4\n", false),
    (["first", "…", "last"], "first\nx\ny\nlast\n", true), (["first", "…"], "first\n", true),
    (["first", "…", "last"], "first\nx\n", false), (["0.1 ms", "…"], "7.25 ms\n", true), (["x … z"], "x y z\n", true),
    (["x … z"], "x y\n", false), ([], "more\n", false), (["less"], "", false), (["SNR 138.5"], "SNR 9.5\n", false),
  ])
  func comparisonTellsOneSessionFromAnother(expected: [String], printed: String, isSame: Bool) {
    #expect((TerminalSession.mismatch(expected: expected, printed: printed) == nil) == isSame)
  }
}
