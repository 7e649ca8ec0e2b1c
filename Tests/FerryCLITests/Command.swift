import TestSupport
import Testing

/// The built `ferry`.
enum Command {
  static func run(_ arguments: [String], environment: [String: String] = [:], folder: String? = nil) -> ToolRun {
    ToolRun.run(ToolRun.builtProduct("ferry"), arguments, environment: environment, folder: folder)
  }

  /// Runs a command that has to fail: its exit code, one message, and nothing on the standard output.
  @discardableResult
  static func expectFailure(
    _ arguments: [String], code: Int32, mentioning words: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> ToolRun {
    let run = run(arguments)
    let label: Comment = "ferry \(arguments.joined(separator: " ")): \(run.errorText)"
    #expect(run.exitCode == code, label, sourceLocation: sourceLocation)
    #expect(run.signal == nil, label, sourceLocation: sourceLocation)
    #expect(run.standardOutput.isEmpty, label, sourceLocation: sourceLocation)
    let messages = run.errorText.split(separator: "\n").filter { $0.hasPrefix("error: ") }
    #expect(messages.count == 1, label, sourceLocation: sourceLocation)
    for word in words { #expect(run.errorText.contains(word), label, sourceLocation: sourceLocation) }
    return run
  }
}
