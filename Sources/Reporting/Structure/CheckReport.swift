public import FormatSupport
import ModelGraph
public import Structure

/// What `check` says of a network.
public struct CheckReport: Report {
  public let check: MobileNetV2Check
  /// The name of the file.
  public let name: String

  public init(_ check: MobileNetV2Check, name: String) {
    self.check = check
    self.name = name
  }

  /// The findings, one a row.
  public func table() -> TextTable {
    var table = TextTable([
      .init("Severity"), .init("Code"), .init("Message"), .init("Nodes"), .init("Fix"),
    ])
    for finding in check.findings {
      table.add([
        finding.severity.rawValue, finding.code, finding.message,
        finding.nodes.map(\.description).joined(separator: " "), finding.fix ?? "",
      ])
    }
    return table
  }

  public func text(_ style: TerminalStyle) -> String {
    var text = "\(style.bold(name.terminalSafe)): \(check.verdict)\n"
    if check.isRecognized { text += "\n\(StructurePicture(of: check.structure))" }
    if !check.findings.isEmpty { text += "\n" }
    for finding in check.findings { text += finding.lines(style) }
    text += "\n" + (check.passes ? style.green("passed") : style.red("failed")) + ": \(countText)\n"
    return text
  }

  private var countText: String {
    [Finding.Severity.error, .warning, .note].map { severity in
      let count = check.findings.count { $0.severity == severity }
      return "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
    }.joined(separator: ", ")
  }

  public func markdown() -> String {
    var text = "# \(name.markdownSafe)\n\n\(check.verdict.markdownSafe)\n\n"
    if check.isRecognized { text += "```\n\(StructurePicture(of: check.structure))```\n\n" }
    if !check.findings.isEmpty { text += table().markdown() }
    return text
  }

  public func json() -> JSONValue {
    let structure = check.structure
    return .object([
      "schema": .string("ferry.check/1"),
      "name": .string(name), "verdict": .string(check.verdict), "passed": .bool(check.passes),
      "isMobileNetV2": .bool(check.isRecognized),
      "width": structure.width.map { width in
        .object([
          "nominal": .real(width.nominal), "lower": .real(width.interval.lowerBound),
          "upper": .real(width.interval.upperBound),
        ])
      } ?? .null,
      "inputSize": structure.inputSize.map { .array([.count($0.height), .count($0.width)]) } ?? .null,
      "classes": .count(structure.head?.classes),
      "variants": .array(structure.variants.map { .string($0.rawValue) }),
      "blocks": .array(structure.blocks.map(Self.json)),
      "findings": .array(check.findings.map { JSONValue($0) }),
    ])
  }

  private static func json(_ block: InvertedResidualBlock) -> JSONValue {
    let skip =
      switch block.skip {
      case .none: "none"
      case .input: "input"
      case .other: "other"
      }
    return .object([
      "index": .count(block.index), "expansion": .count(block.expansion),
      "kernel": .array([.count(block.depthwise.kernel.height), .count(block.depthwise.kernel.width)]),
      "stride": .count(block.stride), "dilation": .count(block.dilation),
      "inputChannels": .count(block.inputChannels), "expandedChannels": .count(block.expandedChannels),
      "outputChannels": .count(block.outputChannels), "skip": .string(skip),
      "expandActivation": block.expand.map { .string($0.activation.description) } ?? .null,
      "depthwiseActivation": .string(block.depthwise.activation.description),
      "projectActivation": .string(block.project.activation.description),
    ])
  }
}
