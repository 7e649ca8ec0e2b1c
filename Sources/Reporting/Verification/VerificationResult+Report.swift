public import FormatSupport
import ModelGraph
public import Verification

extension VerificationResult: Report {
  public func table() -> TextTable {
    // Beside differences in real numbers, quantized tensors have differences in counts.
    let showsCounts = (layers.map(\.comparison) + outputs).contains { $0.counts != nil }
    var columns: [TextTable.Column] = [
      .init("Kind"), .init("Name"), .init("Operator"), .init("Shape"), .init("Max abs", .trailing),
      .init("Mean abs", .trailing), .init("RMSE", .trailing), .init("Cosine", .trailing), .init("SNR dB", .trailing),
      .init("Of largest", .trailing), .init("Outside", .trailing), .init("Tolerance"), .init("Verdict"),
    ]
    if showsCounts { columns += [.init("Max counts", .trailing), .init("Differing", .trailing)] }
    var table = TextTable(columns)
    for layer in layers {
      table.add(["layer", layer.comparison.name, layer.operatorName] + Self.cells(layer.comparison))
    }
    for output in outputs { table.add(["output", output.name, ""] + Self.cells(output)) }
    return table
  }

  /// The last two cells, on counts, have a column only where some tensor is quantized.
  private static func cells(_ comparison: TensorComparison) -> [String] {
    let metrics = comparison.metrics
    let tolerance = comparison.tolerance
    return [
      comparison.type.shape.description, NumberText.short(metrics.maximumAbsolute),
      NumberText.short(metrics.meanAbsolute), NumberText.short(metrics.rootMeanSquare),
      NumberText.fixed(metrics.cosineSimilarity, places: 7), NumberText.fixed(metrics.signalToNoise, places: 1),
      NumberText.short(metrics.relativeToLargest), "\(comparison.outsideCount)/\(metrics.elementCount)",
      NumberText.short(tolerance.absolute)
        + (tolerance.relative == 0 ? "" : "+\(NumberText.short(tolerance.relative))·|b|"),
      comparison.isWithin ? "ok" : "over", comparison.counts.map { "\($0.maximum)" } ?? "",
      comparison.counts.map { "\($0.differing)/\(metrics.elementCount)" } ?? "",
    ]
  }

  public func text(_ style: TerminalStyle) -> String {
    var text = "\(candidate.rawValue) against \(reference.terminalSafe)\n\n"
    text += table().text(style) + "\n"
    for output in outputs {
      if let top1 = output.metrics.top1Agreement {
        text += "top-1 agreement of '\(output.name.terminalSafe)': \(NumberText.fixed(top1 * 100, places: 2)) %"
        if let top5 = output.metrics.top5Agreement { text += ", top-5: \(NumberText.fixed(top5 * 100, places: 2)) %" }
        text += "\n"
      }
    }
    text += closingLines().map { $0 + "\n" }.joined()
    text += isPassed ? style.green(verdict.rawValue) : style.red(verdict.rawValue)
    return text + ": \(verdictText)\n"
  }

  private var verdictText: String {
    let layersOver = layers.count { !$0.isWithin }
    let outputsOver = outputs.count { !$0.isWithin }
    if outputs.isEmpty && layers.isEmpty { return "nothing was compared" }
    var parts: [String] = []
    let layerCount = layers.count + uncomparedNodes.count
    if layerCount > 0 { parts.append("\(layers.count - layersOver) of \(layerCount) layers") }
    let outputCount = outputs.count + outputsWithoutReference.count
    if !outputs.isEmpty { parts.append("\(outputs.count - outputsOver) of \(outputCount) outputs") }
    return parts.joined(separator: " and ") + " within tolerance"
      + (outputsWithoutReference.isEmpty ? "" : "; no reference for \(outputsWithoutReference.listed(limit: 8))")
  }

  private func closingLines() -> [String] {
    var lines: [String] = []
    if !layers.isEmpty {
      lines.append(
        isCumulative
          ? "each layer was fed what the layers before it computed" : "each layer was fed the reference's own values")
    }
    if !unmatchedNodes.isEmpty {
      lines.append("not compared, the reference holds no such value: \(unmatchedNodes.listed(limit: 8))")
    }
    if !uncomparedNodes.isEmpty {
      let names = uncomparedNodes.count < unmatchedNodes.count ? ": \(uncomparedNodes.listed(limit: 8))" : ""
      lines.append(
        "with weights that may differ: \(uncomparedNodes.count) of them\(names); --layers outputs compares the outputs alone"
      )
    }
    lines += pairingLines() + outputs.flatMap(Self.cautions)
    for (kind, comparison, nodes) in overTolerance().prefix(1) {
      let sources = nodes.isEmpty ? "" : ", source \(nodes.map { $0.description.terminalSafe }.joined(separator: ", "))"
      lines.append("first \(kind) over tolerance: '\(comparison.name.terminalSafe)'\(sources)")
      if let indices = comparison.worstIndices {
        let value = comparison.worstIntegers.map { "\($0.value)" }
        let reference = comparison.worstIntegers.map { "\($0.reference)" }
        lines.append(
          "  largest difference at [\(indices.map(String.init).joined(separator: ", "))]: "
            + (value ?? NumberText.short(comparison.metrics.worstValue, digits: 9))
            + ", reference " + (reference ?? NumberText.short(comparison.metrics.worstReference, digits: 9)))
      }
      if comparison.metrics.nonFiniteMismatches > 0 {
        lines.append("  \(comparison.metrics.nonFiniteMismatches) elements are NaN or infinite on one side only")
      }
    }
    if stoppedEarly { lines.append("stopped there: --fail-fast") }
    return lines
  }

  private func pairingLines() -> [String] {
    guard let pairing else { return [] }
    let rules = [("inputs", pairing.inputRule), ("outputs", pairing.outputRule)]
    let roles = rules.filter { $0.1 == .positions }.map { $0.0 }
    return roles.isEmpty ? [] : ["\(roles.joined(separator: " and ")) were paired by position: their names differ"]
  }

  /// What a verdict on an output has to be read with.
  private static func cautions(_ output: TensorComparison) -> [String] {
    var lines: [String] = []
    let name = output.name.terminalSafe
    if output.isReferenceOfAnotherType {
      lines.append(
        "'\(name)' is \(output.type.elementType.name)\(output.type.shape), its reference "
          + "\(output.referenceType.elementType.name)\(output.referenceType.shape): compared element by element")
    }
    if let wide = output.wideTolerance {
      lines.append(
        "warning: the tolerance of '\(name)' comes from its largest element; \(wide.smallerCount) of "
          + "\(output.metrics.elementCount) elements are smaller than it, and by their own \(wide.outsideCount) of them would "
          + "be over (\(NumberText.short(wide.ownTolerance))): state one with --atol")
    }
    return lines
  }

  private func overTolerance() -> [(kind: String, comparison: TensorComparison, nodes: [SourceNode])] {
    layers.filter { !$0.isWithin }.map { ("layer", $0.comparison, $0.sourceNodes) }
      + outputs.filter { !$0.isWithin }.map { ("output", $0, []) }
  }

  public func markdown() -> String {
    var text = "# Verification: \(verdict.rawValue)\n\n"
    text += "\(candidate.rawValue) against \(reference.markdownSafe): \(verdictText)\n\n" + table().markdown()
    let lines = closingLines()
    if !lines.isEmpty { text += "\n" + lines.map { "- \($0.markdownSafe)\n" }.joined() }
    return text
  }

  public func json() -> JSONValue {
    .object([
      "schema": .string("ferry.verification/1"),
      "passed": .bool(isPassed), "verdict": .string(verdict.rawValue), "candidate": .string(candidate.rawValue),
      "reference": .string(reference),
      "cumulative": .bool(isCumulative), "stoppedEarly": .bool(stoppedEarly),
      "outputs": .array(outputs.map { .object(Self.members($0)) }),
      "outputsWithoutReference": .array(outputsWithoutReference.map { .string($0) }),
      "pairing": pairing.map {
        JSONValue.object(["inputs": .string($0.inputRule.rawValue), "outputs": .string($0.outputRule.rawValue)])
      } ?? .null,
      "layers": .array(
        layers.map { layer in
          var members = Self.members(layer.comparison)
          members["node"] = .string(layer.node)
          members["operator"] = .string(layer.operatorName)
          members["sourceNodes"] = .array(layer.sourceNodes.map { JSONValue($0) })
          return .object(members)
        }),
      "firstFailingLayer": firstFailingLayer.map { .string($0.comparison.name) } ?? .null,
      "unmatchedNodes": .array(unmatchedNodes.map { .string($0) }),
      "uncomparedNodes": .array(uncomparedNodes.map { .string($0) }),
    ])
  }

  private static func members(_ comparison: TensorComparison) -> [String: JSONValue] {
    let metrics = comparison.metrics
    var members: [String: JSONValue] = [
      "name": .string(comparison.name), "elementType": .string(comparison.type.elementType.name),
      "shape": JSONValue(comparison.type.shape),
      "referenceElementType": .string(comparison.referenceType.elementType.name),
      "referenceShape": JSONValue(comparison.referenceType.shape), "within": .bool(comparison.isWithin),
      "maxAbs": .real(metrics.maximumAbsolute), "meanAbs": .real(metrics.meanAbsolute),
      "rmse": .real(metrics.rootMeanSquare), "cosine": .real(metrics.cosineSimilarity),
      "snrDecibels": .real(metrics.signalToNoise), "largestReference": .real(metrics.largestReference),
      "outside": .count(comparison.outsideCount), "elements": .count(metrics.elementCount),
      "nonFiniteMismatches": .count(metrics.nonFiniteMismatches),
      "tolerance": .object([
        "absolute": .real(comparison.tolerance.absolute), "relative": .real(comparison.tolerance.relative),
      ]),
      "top1Agreement": metrics.top1Agreement.map { .real($0) } ?? .null,
      "top5Agreement": metrics.top5Agreement.map { .real($0) } ?? .null,
    ]
    if let counts = comparison.counts {
      members["counts"] = .object(["maximum": .count(counts.maximum), "differing": .count(counts.differing)])
    }
    if let wide = comparison.wideTolerance {
      members["wideTolerance"] = .object([
        "smaller": .count(wide.smallerCount), "ownAbsolute": .real(wide.ownTolerance),
        "outside": .count(wide.outsideCount),
      ])
    }
    if let indices = comparison.worstIndices {
      let integers = comparison.worstIntegers
      members["worst"] = .object([
        "indices": .array(indices.map { .count($0) }),
        "value": integers.map { JSONValue.count($0.value) } ?? .real(metrics.worstValue),
        "reference": integers.map { JSONValue.count($0.reference) } ?? .real(metrics.worstReference),
      ])
    }
    return members
  }
}

extension [String] {
  /// The first names in quotes, and how many more there are.
  func listed(limit: Int) -> String {
    prefix(limit).map { "'\($0.terminalSafe)'" }.joined(separator: ", ")
      + (count > limit ? ", and \(count - limit) more" : "")
  }
}
