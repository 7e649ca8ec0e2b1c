import ArgumentParser
import Ferry

/// A subcommand: parsed by the argument parser, executed by ``CommandRunner``.
protocol ModelCommand: ParsableCommand {
  var global: GlobalOptions { get }

  /// Does what the command is for: data to the standard output, messages to the standard error.
  func execute(_ console: Console) throws(ModelError) -> Verdict
}

/// How a command ended that did what it was asked to.
enum Verdict {
  case done
  /// A verification, a check or an assertion failed: the one reason for exit code 1.
  case failed

  var exitCode: Int32 { self == .done ? 0 : 1 }
}
