import ArgumentParser
import Ferry

/// A subcommand: parsed by the argument parser, executed by ``CommandRunner``.
protocol ModelCommand: ParsableCommand {
  var global: GlobalOptions { get }

  /// Whether `--allow-nonfinite` is one of its options.
  static var takesAllowNonFinite: Bool { get }

  /// Does what the command is for: data to the standard output, messages to the standard error.
  func execute(_ console: Console) throws(ModelError) -> Verdict
}

extension ModelCommand {
  static var takesAllowNonFinite: Bool { false }

  /// The error without a hint at an option that this command does not have.
  func answerable(_ error: ModelError) -> ModelError {
    var error = error
    if error.code == .nonFinite, !Self.takesAllowNonFinite { error.hint = nil }
    return error
  }
}

/// How a command ended that did what it was asked to.
enum Verdict {
  case done
  /// A verification, a check or an assertion failed: the one reason for exit code 1.
  case failed

  var exitCode: Int32 { self == .done ? 0 : 1 }
}
