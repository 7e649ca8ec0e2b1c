import ArgumentParser
import Ferry

/// Totals that a script relies on.
struct AssertionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Fails unless the model has this many parameters.", valueName: "n"))
  var assertParams: Int?

  @Option(help: ArgumentHelp("Fails unless an operator occurs this often; may be repeated.", valueName: "operator=n"))
  var assertOpCount: [String] = []

  @Option(help: ArgumentHelp("Fails unless the model has this many multiply-accumulates.", valueName: "n"))
  var assertMacs: Int?

  /// Checks the totals and says which ones are others.
  ///
  /// - Throws: `.usage` for an operator that does not exist.
  func verdict(on summary: ModelSummary, _ console: Console) throws(ModelError) -> Verdict {
    var failures: [String] = []
    func check(_ what: String, _ expected: Int, _ found: Int?) {
      if expected != found {
        failures.append("expected \(expected) \(what), found \(found.map(String.init) ?? "an open number")")
      }
    }
    if let assertParams { check("parameters", assertParams, summary.parameters.total) }
    if let assertMacs { check("multiply-accumulates", assertMacs, summary.multiplyAccumulates) }
    for text in assertOpCount {
      guard let sign = text.utf8.lastIndex(of: UInt8(ascii: "=")),
        let count = Int(text[text.utf8.index(after: sign)...])
      else {
        throw ModelError(.usage, "--assert-op-count takes OPERATOR=N, not '\(text)'")
      }
      let name = text[..<sign].lowercased()
      let occurring = summary.operatorCounts.filter { $0.key.lowercased() == name }
      guard !occurring.isEmpty || Op.names.contains(where: { $0.lowercased() == name }) else {
        throw ModelError(
          .usage, "--assert-op-count: there is no operator '\(text[..<sign])'",
          hint: "operators have the names that 'ferry summary' shows, such as conv2d and clamp")
      }
      let found = occurring.values.reduce(0, +)
      check("operators '\(text[..<sign])'", count, found)
    }
    for failure in failures { console.message("assertion failed: \(failure.terminalSafe)") }
    return failures.isEmpty ? .done : .failed
  }
}
