public import FormatSupport
public import ModelGraph

/// What a conversion did.
public struct ConversionReport: Sendable {
  /// What one pass did.
  public struct Pass: Sendable {
    /// The name on the command line: `fold-batch-norm`.
    public var name: String
    /// How many changes it made.
    public var changeCount: Int
    /// One line a change, or one for several alike.
    public var changes: [String]
    /// One line a place that looked right and was left alone, with the reason.
    public var rejections: [String]

    public init(name: String, changeCount: Int, changes: [String], rejections: [String]) {
      self.name = name
      self.changeCount = changeCount
      self.changes = changes
      self.rejections = rejections
    }
  }

  /// The name of the file that was converted, and its format.
  public var name: String
  public var source: String
  /// The file that was written; nil where nothing was.
  public var output: String?
  public var outputBytes: Int?
  /// The passes that ran, in their order.
  public var passes: [Pass]
  /// Parameters of the converted graph.
  public var parameters: Int
  public var operatorCounts: [String: Int]
  public var findings: [Finding]
  /// Whether every rewrite and every rejected place is printed.
  public var isExplained: Bool

  public init(
    name: String, source: String, graph: Graph, passes: [Pass], findings: [Finding], output: String? = nil,
    outputBytes: Int? = nil, isExplained: Bool = false
  ) {
    self.name = name
    self.source = source
    self.passes = passes
    self.findings = findings
    self.output = output
    self.outputBytes = outputBytes
    self.isExplained = isExplained
    parameters = graph.parameterCount().total
    operatorCounts = graph.nodes.reduce(into: [:]) { $0[$1.op.name, default: 0] += 1 }
  }

  /// The nodes of the converted graph.
  public var nodeCount: Int { operatorCounts.values.reduce(0, +) }
}

extension ConversionReport: Report {
  public func table() -> TextTable {
    var table = TextTable([
      .init("Pass"), .init("Changes", .trailing), .init("Left alone", .trailing), .init("What"),
    ])
    for pass in passes {
      let more = pass.changes.count > 1 ? " …" : ""
      table.add([pass.name, "\(pass.changeCount)", "\(pass.rejections.count)", (pass.changes.first ?? "") + more])
    }
    return table
  }

  private var closingText: String {
    var text =
      "\(NumberText.grouped(nodeCount)) \(nodeCount == 1 ? "node" : "nodes"), \(NumberText.grouped(parameters)) parameters: "
    text += operatorCounts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    if let output {
      text += "\nwrote \(output.terminalSafe)" + (outputBytes.map { ", \(NumberText.grouped($0)) bytes" } ?? "")
    }
    return text
  }

  public func text(_ style: TerminalStyle) -> String {
    var text = "\(style.bold(name.terminalSafe))  \(source.terminalSafe)\n\n" + table().text(style, widestCell: 90)
    if isExplained {
      for pass in passes where !pass.changes.isEmpty || !pass.rejections.isEmpty {
        text += "\n\(style.bold(pass.name))\n"
        for change in pass.changes { text += "  \(change.terminalSafe)\n" }
        for rejection in pass.rejections { text += "  left alone: \(rejection.terminalSafe)\n" }
      }
    }
    if !findings.isEmpty {
      text += "\n\(style.bold("Findings"))\n"
      for finding in findings { text += finding.lines(style) }
    }
    return text + "\n\(closingText)\n"
  }

  public func markdown() -> String {
    var text = "# \(name.markdownSafe)\n\n\(source.markdownSafe)\n\n" + table().markdown()
    if isExplained {
      for pass in passes where !pass.changes.isEmpty || !pass.rejections.isEmpty {
        text += "\n## \(pass.name)\n\n"
        for change in pass.changes { text += "- \(change.markdownSafe)\n" }
        for rejection in pass.rejections { text += "- left alone: \(rejection.markdownSafe)\n" }
      }
    }
    return text + "\n\(closingText.markdownSafe)\n"
  }

  public func json() -> JSONValue {
    .object([
      "schema": .string("ferry.conversion/1"), "name": .string(name), "source": .string(source),
      "output": output.map { .string($0) } ?? .null, "outputBytes": .count(outputBytes),
      "parameters": .count(parameters), "nodes": .count(nodeCount),
      "operators": .object(operatorCounts.mapValues { .count($0) }),
      "findings": .array(findings.map { JSONValue($0) }),
      "passes": .array(
        passes.map { pass in
          var members: [String: JSONValue] = [
            "name": .string(pass.name), "changes": .count(pass.changeCount),
            "rejections": .count(pass.rejections.count),
          ]
          if isExplained {
            members["changeTexts"] = .array(pass.changes.map { .string($0) })
            members["rejectionTexts"] = .array(pass.rejections.map { .string($0) })
          }
          return .object(members)
        }),
    ])
  }
}
