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
    var signatureImporter = SignatureImporter(ports: ports)
    let signatures = signatureImporter.signatures(model.signatures)
    findings += signatureImporter.findings
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

  /// The description, and each named buffer: short texts as they are, anything else by its size.
  ///
  /// Where entries have one name, the later ones get a number behind it.
  private mutating func metadata() throws(ModelError) -> [String: String] {
    let longestText = 64
    var result: [String: String] = [:]
    var names = UniqueNames()
    var renamed: [(old: String, new: String)] = []
    if !model.description.isEmpty { result[names.unique("description")] = model.description }
    for row in model.metadata {
      guard model.buffers.indices.contains(row.buffer) else {
        throw ModelError(.malformed, "the metadata '\(row.name)' lies in buffer \(row.buffer), which does not exist")
      }
      let name = names.unique(row.name)
      if name != row.name { renamed.append((row.name, name)) }
      guard let range = model.buffers[row.buffer].bytes else {
        result[name] = ""
        continue
      }
      let bytes = file.bytes[range]
      let text = bytes.reversed().drop { $0 == 0 }.reversed()
      let isText = range.count <= longestText && text.allSatisfy { (0x20..<0x7F).contains($0) }
      result[name] = isText ? String(decoding: text, as: UTF8.self) : "\(range.count) bytes"
    }
    if !renamed.isEmpty {
      findings.append(
        Finding(
          .warning, code: "repeated-metadata",
          "metadata without a name of its own: " + renamed.firstFew { "'\($0.old)' is shown as '\($0.new)'" }))
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
