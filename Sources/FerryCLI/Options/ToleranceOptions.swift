import ArgumentParser
import Ferry

/// How far results may lie from their reference.
struct ToleranceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Absolute tolerance; |a − b| ≤ atol + rtol·|b|. Unstated: 1e-4 of the tensor's largest reference magnitude.",
      valueName: "[name:]v"))
  var atol: [String] = []

  @Option(help: ArgumentHelp("Relative tolerance. Unstated: 0.", valueName: "[name:]v"))
  var rtol: [String] = []

  func tolerances() throws(ModelError) -> Tolerances {
    var tolerances = Tolerances()
    (tolerances.absolute, tolerances.absoluteByName) = try Self.parse(atol, option: "--atol")
    (tolerances.relative, tolerances.relativeByName) = try Self.parse(rtol, option: "--rtol")
    return tolerances
  }

  private static func parse(
    _ texts: [String], option: String
  ) throws(ModelError) -> (general: Double?, byName: [String: Double]) {
    var general: Double?
    var byName: [String: Double] = [:]
    for text in texts {
      let (name, value) = OptionText.namedValue(text)
      let tolerance = try OptionText.tolerance(value, option: option)
      let isRepeated = name.map { byName.updateValue(tolerance, forKey: $0) != nil } ?? (general != nil)
      guard !isRepeated else { throw ModelError(.usage, "\(option) is given twice for \(name ?? "everything")") }
      if name == nil { general = tolerance }
    }
    return (general, byName)
  }
}
