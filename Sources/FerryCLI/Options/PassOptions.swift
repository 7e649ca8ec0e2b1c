import ArgumentParser
import Ferry

/// Which passes run.
struct PassOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Leaves a pass out; may be repeated.", valueName: "pass"), completion: .passes)
  var skipPass: [String] = []

  @Option(help: ArgumentHelp("Runs this pass only; may be repeated.", valueName: "pass"), completion: .passes)
  var onlyPass: [String] = []

  @Option(help: ArgumentHelp("Stops behind this pass.", valueName: "pass"), completion: .passes)
  var stopAfter: String?

  func conversionOptions(allowsNonFinite: Bool) -> ConversionOptions {
    ConversionOptions(
      skippedPasses: Set(skipPass), onlyPasses: onlyPass.isEmpty ? nil : Set(onlyPass), lastPass: stopAfter,
      allowsNonFinite: allowsNonFinite)
  }
}
