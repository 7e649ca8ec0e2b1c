import ArgumentParser

/// The `ferry` command. A subcommand is one file in `Commands` and one line here.
struct FerryCommand: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "ferry",
    abstract: "Carries trained networks between formats and proves that nothing was lost on the way.",
    discussion: "Exit codes: " + ExitStatus.all.map { "\($0.code) \($0.meaning)" }.joined(separator: "; ") + ".",
    version: version,
    subcommands: [
      SummaryCommand.self,
      ConvertCommand.self,
      VerifyCommand.self,
      RunCommand.self,
      BenchCommand.self,
      CheckCommand.self,
      ClassifyCommand.self,
      ManualCommand.self,
    ])
}
