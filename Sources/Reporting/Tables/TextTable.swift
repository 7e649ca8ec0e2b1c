/// Rows under titled columns, printed as aligned text, Markdown or CSV.
public struct TextTable: Sendable {
  public enum Alignment: Sendable { case leading, trailing }

  public struct Column: Sendable {
    public var title: String
    public var alignment: Alignment

    public init(_ title: String, _ alignment: Alignment = .leading) {
      self.title = title
      self.alignment = alignment
    }
  }

  public let columns: [Column]
  public private(set) var rows: [[String]] = []

  public init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row; missing cells are empty, cells beyond the columns are left out.
  public mutating func add(_ cells: [String]) {
    rows.append(columns.indices.map { $0 < cells.count ? cells[$0] : "" })
  }

  /// The table for a terminal: columns padded to their widest cell, control characters escaped.
  ///
  /// - Parameter widestCell: cells of more characters are cut in their middle; the formats for machines keep all of them.
  public func text(_ style: TerminalStyle = .plain, widestCell: Int = 64) -> String {
    let titles = columns.map { $0.title.terminalSafe }
    let cells = rows.map { $0.map { $0.terminalSafe.cutInTheMiddle(to: widestCell) } }
    let widths = columns.indices.map { column in
      cells.reduce(titles[column].displayWidth) { max($0, $1[column].displayWidth) }
    }
    func line(_ cells: [String]) -> String {
      var text = ""
      for (column, cell) in cells.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.displayWidth)
        if column > 0 { text += "  " }
        text += columns[column].alignment == .leading ? cell + padding : padding + cell
      }
      while text.last == " " { text.removeLast() }
      return text
    }
    var lines = [style.bold(line(titles)), line(widths.map { String(repeating: "─", count: $0) })]
    lines += cells.map(line)
    return lines.joined(separator: "\n") + "\n"
  }

  /// The table in GitHub's Markdown.
  public func markdown() -> String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    var lines = [line(columns.map { $0.title.markdownSafe })]
    lines.append(line(columns.map { $0.alignment == .leading ? "---" : "---:" }))
    lines += rows.map { line($0.map(\.markdownSafe)) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The table as CSV (RFC 4180), with line feeds.
  public func csv() -> String {
    ([columns.map(\.title)] + rows).map { $0.map(\.csvField).joined(separator: ",") }.joined(separator: "\n") + "\n"
  }
}
