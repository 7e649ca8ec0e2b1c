public import ArgumentParser
public import Ferry

/// What every command understands.
struct GlobalOptions: ParsableArguments {
  enum Progress: String, ExpressibleByArgument, CaseIterable { case auto, never }

  @Option(help: "How the report is written.")
  var format = ReportFormat.text

  @Flag(name: [.short, .long], help: "Print no notes and no report in words.")
  var quiet = false

  @Flag(name: [.short, .long], help: "Print notes of the file too.")
  var verbose = false

  @Option(help: "Whether progress is shown on a terminal.")
  var progress = Progress.auto
}

extension ReportFormat: ExpressibleByArgument {}
