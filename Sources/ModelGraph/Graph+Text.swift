extension Graph: CustomStringConvertible {
  /// The whole graph as text, stable from run to run: for tests, for `--explain`, for people.
  ///
  /// One line a node: `%out: type = operator(%in, …) {attributes}  // source nodes`. Contents of constants are left out.
  public var description: String {
    var lines = ["graph '\(name)' {"]
    for port in inputs { lines.append("  input " + portText(port)) }
    for value in values where value.constant != nil { lines.append("  constant %\(value.name): \(value.type)") }
    for node in nodes {
      let results = node.outputs.map { "%\(self[$0].name): \(self[$0].type)" }.joined(separator: ", ")
      let operands = node.inputs.map { $0.map { "%\(self[$0].name)" } ?? "-" }.joined(separator: ", ")
      let sources = node.origin.map(\.description).joined(separator: ", ")
      lines.append(
        "  \(results) = \(node.op.name)(\(operands))\(node.op.attributeText)"
          + (sources.isEmpty ? "" : "  // \(sources)"))
    }
    for port in outputs { lines.append("  output " + portText(port)) }
    lines.append("}")
    return lines.joined(separator: "\n") + "\n"
  }

  private func portText(_ port: GraphPort) -> String {
    let value = self[port.value]
    return "'\(port.name)' = %\(value.name): \(value.type)" + (port.permutation.map { " permuted \($0)" } ?? "")
  }
}

extension Op {
  /// The attributes in braces, in the order of declaration; empty when there are none.
  public var attributeText: String {
    let fields = Mirror(reflecting: payload).children.compactMap { child -> String? in
      guard let label = child.label else { return nil }
      return "\(label): \(Self.text(of: child.value))"
    }
    return fields.isEmpty ? "" : " {" + fields.joined(separator: ", ") + "}"
  }

  private static func text(of value: Any) -> String {
    // Dictionaries print in a random order; everything else in a payload is ordered.
    if let attributes = value as? [String: OpaqueOp.Attribute] {
      return "[" + attributes.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "]"
    }
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .optional {
      return mirror.children.first.map { text(of: $0.value) } ?? "none"
    }
    return "\(value)"
  }
}
