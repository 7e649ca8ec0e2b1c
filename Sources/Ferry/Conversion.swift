public import Reporting

/// A converted model, and what was done to it.
public struct Conversion: Sendable {
  /// The model with its canonical graph.
  public let model: Model
  /// What each pass did, in the order in which they ran.
  public let passes: [ConversionReport.Pass]

  /// The report of the conversion.
  ///
  /// - Parameters:
  ///   - output: the file that was written.
  ///   - isExplained: whether every change and every place left alone is printed.
  public func report(output: String? = nil, outputBytes: Int? = nil, isExplained: Bool = false) -> ConversionReport {
    ConversionReport(
      name: model.name, source: model.program.source, graph: model.graph, passes: passes,
      findings: model.notes + model.program.findings, output: output, outputBytes: outputBytes, isExplained: isExplained
    )
  }
}
