public import FormatSupport
public import ModelGraph
public import Structure

/// A network block by block: what each costs, and what separable convolutions save.
public struct BlockSummary: Report {
  public let name: String
  public let parts: [BlockCost]

  public init(of graph: Graph, name: String) {
    self.name = name
    parts = BlockCost.parts(of: graph, structure: InvertedResidualStructure(of: graph))
  }

  public var parameters: Int { parts.reduce(0) { $0 + $1.parameters.total } }

  /// Nil where an extent is open.
  public var multiplyAccumulates: Int? { total { $0.multiplyAccumulates } }

  /// The network's cost if every separable convolution were a full one.
  public var fullConvolution: Int? { total { $0.fullConvolution ?? $0.multiplyAccumulates } }

  private func total(_ cost: (BlockCost) -> Int?) -> Int? {
    parts.reduce(Optional(0)) { sum, part in
      guard let sum, let value = cost(part) else { return nil }
      let (result, overflow) = sum.addingReportingOverflow(value)
      return overflow ? nil : result
    }
  }

  public func table() -> TextTable {
    var table = TextTable([
      .init("Part"), .init("Detail"), .init("Output"), .init("Nodes", .trailing), .init("Parameters", .trailing),
      .init("MACs", .trailing), .init("Full convolution", .trailing), .init("Saving", .trailing),
    ])
    for part in parts {
      table.add([
        part.name, part.detail, part.output?.summaryText ?? "", "\(part.nodeCount)",
        NumberText.grouped(part.parameters.total), part.multiplyAccumulates.map(NumberText.grouped) ?? "?",
        part.fullConvolution.map(NumberText.grouped) ?? "", Self.saving(part.fullConvolution, part.multiplyAccumulates),
      ])
    }
    return table
  }

  private static func saving(_ full: Int?, _ actual: Int?) -> String {
    guard let full, let actual, actual > 0 else { return "" }
    return "\(NumberText.fixed(Double(full) / Double(actual), places: 1))×"
  }

  private var closing: String {
    let macs = multiplyAccumulates.map(NumberText.grouped) ?? "an open number of"
    var text = "\(NumberText.grouped(parameters)) parameters, \(macs) multiply-accumulates"
    if let full = fullConvolution, full != multiplyAccumulates {
      text += "; with full convolutions \(NumberText.grouped(full)), \(Self.saving(full, multiplyAccumulates)) as many"
    }
    return text
  }

  public func text(_ style: TerminalStyle) -> String {
    "\(style.bold(name.terminalSafe))\n\n\(table().text(style))\n\(closing)\n"
  }

  public func markdown() -> String { "# \(name.markdownSafe)\n\n\(table().markdown())\n\(closing)\n" }

  public func json() -> JSONValue {
    .object([
      "schema": .string("ferry.blocks/1"), "name": .string(name), "parameters": .count(parameters),
      "multiplyAccumulates": .count(multiplyAccumulates), "fullConvolution": .count(fullConvolution),
      "parts": .array(
        parts.map { part in
          .object([
            "name": .string(part.name), "detail": .string(part.detail), "nodes": .count(part.nodeCount),
            "parameters": .count(part.parameters.total), "trainable": .count(part.parameters.trainable),
            "multiplyAccumulates": .count(part.multiplyAccumulates),
            "fullConvolution": .count(part.fullConvolution),
          ])
        }),
    ])
  }
}
