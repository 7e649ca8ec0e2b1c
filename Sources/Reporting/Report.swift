public import FormatSupport

/// Something that is reported in every format alike.
public protocol Report {
  /// For a terminal.
  func text(_ style: TerminalStyle) -> String

  /// One JSON document whose `schema` member names its version.
  func json() -> JSONValue

  /// The rows of the report's main table.
  func table() -> TextTable

  func markdown() -> String
}

extension Report {
  /// The report in one format, ending with a line feed.
  public func rendered(as format: ReportFormat, style: TerminalStyle = .plain) -> String {
    switch format {
    case .text: text(style)
    case .json: JSONWriter.text(json(), isIndented: true)
    case .csv: table().csv()
    case .markdown: markdown()
    }
  }
}
