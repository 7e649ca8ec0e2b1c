import ModelGraph

/// Builds a program's signatures, and notes what in them leads nowhere or is said twice.
struct SignatureImporter {
  /// Names of the ports, by graph.
  let ports: [GraphImporter.PortNames]
  private(set) var findings: [Finding] = []

  init(ports: [GraphImporter.PortNames]) { self.ports = ports }

  mutating func signatures(_ tables: [SignatureTable]) -> [Signature] {
    var result: [Signature] = []
    for table in tables {
      guard ports.indices.contains(table.subgraph) else {
        findings.append(
          Finding(
            .warning, code: "signature-without-subgraph",
            "the signature '\(table.key)' names subgraph \(table.subgraph), which does not exist"))
        continue
      }
      let names = ports[table.subgraph]
      result.append(
        Signature(
          name: table.key, graph: table.subgraph,
          inputs: self.ports(table.inputs, among: names.inputs, "input", of: table.key),
          outputs: self.ports(table.outputs, among: names.outputs, "output", of: table.key)))
    }
    return result
  }

  /// Port by the name that the signature gives it.
  private mutating func ports(
    _ entries: [SignatureTable.Entry], among ports: [Int: String], _ role: String, of key: String
  ) -> [String: String] {
    var result: [String: String] = [:]
    var strays: [SignatureTable.Entry] = []
    var repeated: [SignatureTable.Entry] = []
    for entry in entries {
      guard let port = ports[entry.tensor] else {
        strays.append(entry)
        continue
      }
      if result.updateValue(port, forKey: entry.name) != nil { repeated.append(entry) }
    }
    note(strays, "signature-without-port", "the signature '\(key)' gives names to what is no \(role)")
    note(
      repeated, "signature-name-twice",
      "the signature '\(key)' gives one name to several \(role)s, of which the last has it")
    return result
  }

  private mutating func note(_ entries: [SignatureTable.Entry], _ code: String, _ what: String) {
    guard !entries.isEmpty else { return }
    findings.append(
      Finding(.warning, code: code, "\(what): " + entries.firstFew { "'\($0.name)' to tensor \($0.tensor)" }))
  }
}
