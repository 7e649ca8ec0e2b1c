import ArgumentParser

/// The `ferry` command. A subcommand is one file in `Commands` and one line here.
struct FerryCommand: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "ferry",
    abstract: "Carries trained networks between formats and proves that nothing was lost on the way.",
    discussion: """
      Exit codes: 0 done; 1 a verification or assertion failed; 64 wrong usage; 65 malformed file; 66 no such input; \
      69 unsupported; 70 a fault of ferry; 73 cannot create the output; 74 input/output error.
      """,
    version: version,
    subcommands: [
      SummaryCommand.self,
      ConvertCommand.self,
      VerifyCommand.self,
      RunCommand.self,
      BenchCommand.self,
      CheckCommand.self,
      ClassifyCommand.self,
    ])
}
