public import FormatSupport
public import ModelGraph

extension ModelSummary: Report {
  /// A row a layer; behind them, with no layer's name, the totals.
  public func table() -> TextTable {
    // Networks of real numbers have nothing to say about scales.
    let showsScales = arithmetic != nil
    var columns: [TextTable.Column] = [
      .init("Layer"), .init("Operator"), .init("Detail"), .init("Output"), .init("Parameters", .trailing),
      .init("MACs", .trailing),
    ]
    if showsScales { columns.append(.init("Scale, zero point")) }
    var table = TextTable(columns)
    for layer in layers {
      // A cell without a column is left out.
      table.add([
        layer.name, layer.operatorName, layer.detail, layer.outputText, "\(layer.parameters.total)",
        layer.multiplyAccumulates.map { "\($0)" } ?? "?", layer.quantizationText,
      ])
    }
    let counts: [(label: String, count: Int?)] = [
      ("parameters", parameters.total), ("trainable", parameters.trainable), ("non-trainable", parameters.nonTrainable),
      ("batch norm folded", foldedParameters), ("optimizer", optimizerParameterCount),
    ]
    for (index, total) in counts.enumerated() {
      guard let count = total.count else { continue }
      let macs = index == 0 ? multiplyAccumulates.map { "\($0)" } ?? "?" : ""
      table.add(["", "total", total.label, "", "\(count)", macs])
    }
    return table
  }

  /// The table as people read it: thousands grouped, zeros left out, nested models indented below their names.
  private func readableTable() -> TextTable {
    var table = TextTable(self.table().columns)
    addRows(of: layers[...], depth: 0, to: &table)
    return table
  }

  /// The recursion is as deep as the file's models are nested, which importers bound.
  private func addRows(of layers: ArraySlice<LayerSummary>, depth: Int, to table: inout TextTable) {
    var rest = layers
    while let layer = rest.first {
      let inside = rest.call(depth: depth)
      if inside.isEmpty {
        table.add([
          layer.indentedName, layer.operatorName, layer.detail, layer.outputText,
          layer.parameters.total == 0 ? "" : NumberText.grouped(layer.parameters.total),
          layer.multiplyAccumulates.map { $0 == 0 ? "" : NumberText.grouped($0) } ?? "?", layer.quantizationText,
        ])
        rest = rest.dropFirst()
      } else {
        table.add([String(repeating: "  ", count: depth) + layer.scope[depth], "model", "", "", "", ""])
        addRows(of: inside, depth: depth + 1, to: &table)
        rest = rest.dropFirst(inside.count)
      }
    }
  }

  private func totals() -> [(label: String, value: String)] {
    var totals = [
      ("parameters", NumberText.grouped(parameters.total)),
      ("  trainable", NumberText.grouped(parameters.trainable)),
      ("  non-trainable", NumberText.grouped(parameters.nonTrainable)),
    ]
    if let foldedParameters {
      let norms = batchNormCount == 1 ? "1 batch norm" : "\(batchNormCount) batch norms"
      totals.append(("  batch norm folded", "\(NumberText.grouped(foldedParameters))  (\(norms))"))
    }
    if optimizerParameterCount > 0 {
      totals.append(("optimizer", "\(NumberText.grouped(optimizerParameterCount))  (state, beside the parameters)"))
    }
    totals.append(("multiply-accumulates", multiplyAccumulates.map(NumberText.grouped) ?? "open: see --input-shape"))
    let weights = weightBytes.sorted { $0.key.name < $1.key.name }
    totals.append(
      (
        "weights",
        weights.isEmpty
          ? "none" : weights.map { "\($0.key.name) \(NumberText.bytes($0.value))" }.joined(separator: ", ")
      ))
    if let arithmetic { totals.append(("quantized arithmetic", arithmetic.title)) }
    totals.append(("nodes", NumberText.grouped(nodeCount)))
    return totals
  }

  public func text(_ style: TerminalStyle) -> String {
    var text = "\(style.bold(name.terminalSafe))  \(source.terminalSafe)\n"
    for (role, ports) in [("input ", inputs), ("output", outputs)] {
      for port in ports { text += "\(role)  \(port.name.terminalSafe)  \(port.type.description.terminalSafe)\n" }
    }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      text += "\(key.terminalSafe): \(value.terminalSafe.shortened(to: 100))\n"
    }
    text += "\n" + readableTable().text(style) + "\n"
    for (label, value) in totals() { text += "\(label.padded(to: 22))\(value)\n" }
    if !otherGraphs.isEmpty {
      text += "\("other graphs".padded(to: 22))\(otherGraphs.map(\.terminalSafe).joined(separator: ", "))\n"
    }
    if !findings.isEmpty {
      text += "\n\(style.bold("Findings"))\n"
      for finding in findings { text += finding.lines(style) }
    }
    if !opaqueOperators.isEmpty {
      text += "\n\(style.bold("Operators without a meaning"))\n"
      for opaque in opaqueOperators {
        let version = opaque.version.map { " v\($0)" } ?? ""
        text +=
          "  \("\(opaque.domain) \(opaque.operatorName)\(version)".terminalSafe) × \(max(opaque.nodes.count, 1)): "
        text += "\(opaque.reason.terminalSafe)\n"
      }
    }
    return text
  }

  public func markdown() -> String {
    var text = "# \(name.markdownSafe)\n\n\(source.markdownSafe)\n\n"
    var ports = TextTable([.init("Port"), .init("Name"), .init("Type")])
    for port in inputs { ports.add(["input", port.name, port.type.description]) }
    for port in outputs { ports.add(["output", port.name, port.type.description]) }
    text += ports.markdown() + "\n" + readableTable().markdown() + "\n"
    var sums = TextTable([.init("Total"), .init("", .trailing)])
    for (label, value) in totals() { sums.add([label, value]) }
    text += sums.markdown()
    if !findings.isEmpty {
      text += "\n"
      for finding in findings { text += "- \(finding.severity.rawValue): \(finding.message.markdownSafe)\n" }
    }
    if !opaqueOperators.isEmpty {
      text += "\nOperators without a meaning:\n\n"
      for opaque in opaqueOperators {
        text += "- \(opaque.domain.markdownSafe) \(opaque.operatorName.markdownSafe): \(opaque.reason.markdownSafe)\n"
      }
    }
    return text
  }

  public func json() -> JSONValue {
    .object([
      "schema": .string("ferry.summary/1"),
      "name": .string(name), "source": .string(source),
      "metadata": .object(metadata.mapValues { .string($0) }),
      "inputs": .array(inputs.map { JSONValue(type: $0.type, name: $0.name) }),
      "outputs": .array(outputs.map { JSONValue(type: $0.type, name: $0.name) }),
      "layers": .array(layers.map(Self.json)),
      "totals": .object([
        "parameters": .count(parameters.total), "trainable": .count(parameters.trainable),
        "nonTrainable": .count(parameters.nonTrainable), "batchNorms": .count(batchNormCount),
        "batchNormFolded": .count(foldedParameters), "optimizer": .count(optimizerParameterCount),
        "multiplyAccumulates": .count(multiplyAccumulates), "nodes": .count(nodeCount),
        "quantizedArithmetic": arithmetic.map { .string($0.rawValue) } ?? .null,
        "weightBytes": .object(
          Dictionary(uniqueKeysWithValues: weightBytes.map { ($0.key.name, .count($0.value)) })),
      ]),
      "operators": .object(operatorCounts.mapValues { .count($0) }),
      "otherGraphs": .array(otherGraphs.map { .string($0) }),
      "findings": .array(findings.map { JSONValue($0) }),
      "opaqueOperators": .array(
        opaqueOperators.map { opaque in
          .object([
            "domain": .string(opaque.domain), "operator": .string(opaque.operatorName),
            "version": .count(opaque.version), "reason": .string(opaque.reason),
            "nodes": .array(opaque.nodes.map { JSONValue($0) }),
          ])
        }),
    ])
  }

  private static func json(_ layer: LayerSummary) -> JSONValue {
    .object([
      "name": .string(layer.name), "operator": .string(layer.operatorName),
      "sourceOperator": .string(layer.sourceOperator), "detail": .string(layer.detail),
      "outputs": .array(layer.outputs.map { JSONValue(type: $0) }),
      "weightQuantization": layer.weightQuantization.map { JSONValue($0) } ?? .null,
      "parameters": .count(layer.parameters.total), "trainable": .count(layer.parameters.trainable),
      "nonTrainable": .count(layer.parameters.nonTrainable),
      "multiplyAccumulates": .count(layer.multiplyAccumulates),
      "sourceNodes": .array(layer.sourceNodes.map { JSONValue($0) }),
    ])
  }
}

extension LayerSummary {
  fileprivate var outputText: String { outputs.map(\.summaryText).joined(separator: " ") }
}

extension QuantizedArithmetic {
  fileprivate var title: String {
    switch self {
    case .liteRT: "LiteRT's"
    case .onnx: "ONNX's"
    }
  }
}

extension TensorType {
  /// Shape, and the element type where it is not the usual one.
  var summaryText: String { (elementType == .float32 ? "" : elementType.name) + shape.description }
}

extension Finding {
  /// The finding for a terminal, its nodes and its fix on lines of their own.
  public func lines(_ style: TerminalStyle) -> String {
    let label =
      switch severity {
      case .error: style.red("error")
      case .warning: style.yellow("warning")
      case .note: "note"
      }
    var text = "  \(label): \(message.terminalSafe)\n"
    if !nodes.isEmpty {
      let more = nodes.count > 5 ? ", and \(nodes.count - 5) more" : ""
      text += "    at \(nodes.prefix(5).map { $0.description.terminalSafe }.joined(separator: ", "))\(more)\n"
    }
    if let fix { text += "    fix: \(fix.terminalSafe)\n" }
    return text
  }
}

extension String {
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - displayWidth)) }

  func shortened(to count: Int) -> String { self.count <= count ? self : prefix(count - 1) + "…" }
}
