import FormatSupport
import ModelGraph

/// Builds a program from a model's tables: every subgraph, the signatures, what the file says of itself.
struct ProgramImporter {
  /// The only schema version there has been since 2017.
  static let schemaVersion = 3

  let model: TFLiteModel
  let file: any TensorStorage
  let limits: Limits
  private var findings: [Finding] = []

  init(model: TFLiteModel, file: any TensorStorage, limits: Limits) {
    self.model = model
    self.file = file
    self.limits = limits
  }

  /// - Throws: `.malformed` where the tables contradict each other; `.unsupported` where the file uses what Ferry cannot
  ///   even show: another schema version, tensors in other files, element types that the graph does not know.
  mutating func program() throws(ModelError) -> Program {
    guard model.version == Self.schemaVersion else {
      throw ModelError(.unsupported, "schema version \(model.version); Ferry reads version \(Self.schemaVersion)")
    }
    try checkLimits()
    var graphs: [Graph] = []
    var ports: [GraphImporter.PortNames] = []
    let budget = ImportBudget(fileByteCount: file.bytes.count, limits: limits)
    let sparseConstants = SparseConstants(file: file, budget: budget)
    for (index, subgraph) in model.subgraphs.enumerated() {
      let importer = GraphImporter(
        model: model, subgraph: subgraph, index: index, file: file, limits: limits, budget: budget,
        sparseConstants: sparseConstants)
      let name = subgraph.name.isEmpty ? "subgraph \(index)" : subgraph.name
      if model.subgraphs.count > 1 {
        graphs.append(try within(.subgraph(name)) { () throws(ModelError) in try importer.graph(name: name) })
      } else {
        graphs.append(try importer.graph(name: name))
      }
      findings += importer.findings
      ports.append(importer.ports)
    }
    let signatures = signatures(ports: ports)
    let metadata = try metadata()
    noteTrailingBytes()
    noteUnknownFields()
    return try Program(
      graphs: graphs, signatures: signatures, source: "TFLite \(model.version)", metadata: metadata,
      findings: findings)
  }

  private func checkLimits() throws(ModelError) {
    let tensors = model.subgraphs.reduce(0) { $0 + $1.tensors.count }
    let operators = model.subgraphs.reduce(0) { $0 + $1.operators.count }
    for (count, limit, what) in [
      (model.subgraphs.count, limits.graphs, "subgraphs"), (tensors, limits.values, "tensors"),
      (operators, limits.nodes, "operators"),
    ] where count > limit {
      throw ModelError(.malformed, "\(count) \(what) pass the limit of \(limit)")
    }
  }

  private mutating func signatures(ports: [GraphImporter.PortNames]) -> [Signature] {
    var result: [Signature] = []
    for table in model.signatures {
      guard ports.indices.contains(table.subgraph) else {
        findings.append(
          Finding(
            .warning, code: "signature-without-subgraph",
            "the signature '\(table.key)' names subgraph \(table.subgraph), which does not exist"))
        continue
      }
      let names = ports[table.subgraph]
      var signature = Signature(name: table.key, graph: table.subgraph, inputs: [:], outputs: [:])
      for (entries, ports, isInput) in [
        (table.inputs, names.inputs, true), (table.outputs, names.outputs, false),
      ] {
        for entry in entries {
          guard let port = ports[entry.tensor] else {
            findings.append(
              Finding(
                .warning, code: "signature-without-port",
                "the signature '\(table.key)' gives the name '\(entry.name)' to tensor \(entry.tensor), which is no "
                  + (isInput ? "input" : "output")))
            continue
          }
          if isInput { signature.inputs[entry.name] = port } else { signature.outputs[entry.name] = port }
        }
      }
      result.append(signature)
    }
    return result
  }

  /// The description, and each named buffer: short texts as they are, anything else by its size.
  private func metadata() throws(ModelError) -> [String: String] {
    let longestText = 64
    var result: [String: String] = [:]
    if !model.description.isEmpty { result["description"] = model.description }
    for row in model.metadata {
      guard model.buffers.indices.contains(row.buffer) else {
        throw ModelError(.malformed, "the metadata '\(row.name)' lies in buffer \(row.buffer), which does not exist")
      }
      guard let range = model.buffers[row.buffer].bytes else {
        result[row.name] = ""
        continue
      }
      let bytes = file.bytes[range]
      let text = bytes.reversed().drop { $0 == 0 }.reversed()
      let isText = range.count <= longestText && text.allSatisfy { (0x20..<0x7F).contains($0) }
      result[row.name] = isText ? String(decoding: text, as: UTF8.self) : "\(range.count) bytes"
    }
    return result
  }

  private mutating func noteTrailingBytes() {
    guard let range = model.trailingBytes else { return }
    // A local file header, or the end of an archive without files.
    let isZip = [[0x50, 0x4B, 0x03, 0x04], [0x50, 0x4B, 0x05, 0x06]].contains { file.bytes[range].starts(with: $0) }
    findings.append(
      Finding(
        .note, code: "trailing-bytes",
        "\(range.count) bytes follow the model at byte \(range.lowerBound)"
          + (isZip ? ": a zip archive, as label files are attached" : "")))
  }

  private mutating func noteUnknownFields() {
    guard !model.unknownFields.isEmpty else { return }
    let mayBeMore = model.unknownFields.count == UnknownFields.limit
    findings.append(
      Finding(
        .warning, code: "unknown-fields",
        "the file holds fields of a newer schema: \(model.unknownFields.joined(separator: ", "))"
          + (mayBeMore ? ", …" : "")))
  }
}
