internal import FormatSupport
internal import ModelGraph

/// Makes a program of a ModelProto.
struct ModelImporter {
  private let document: ONNXDocument<ModelRecord>
  private var findings: [Finding] = []

  init(_ document: ONNXDocument<ModelRecord>) { self.document = document }

  /// - Throws: `.malformed` where the file contradicts itself; `.unsupported` for versions that are not known.
  mutating func program() throws(ModelError) -> Program {
    let model = document.root
    guard let main = model.graph else { throw ModelError(.malformed, "the model holds no graph") }
    noteReports()
    let operatorSets = try operatorSets(model)
    let budget = ExpansionBudget()
    var inliner = try FunctionInliner(
      model, operatorSets: operatorSets, limits: document.tensors.limits, budget: budget)
    let importer = GraphImporter(
      try inliner.inlined(main), tensors: document.tensors, operatorSets: operatorSets, budget: budget)
    let graph = try importer.graph()
    findings += importer.findings + BiasScales(graph: graph).findings
    for key in document.tensors.externalData.unreadKeys.sorted() {
      findings.append(
        Finding(.note, code: "external-data-entry", "the entry '\(key)' of external data is left out"))
    }
    let metadata = metadata(model)
    return try Program(
      graphs: [graph], source: source(model, operatorSets), metadata: metadata, findings: findings)
  }

  private mutating func noteReports() {
    for report in document.reports {
      findings.append(
        Finding(.warning, code: "unread-field", "\(report.text) (byte offset \(report.byteOffset))"))
    }
    if document.furtherReportCount > 0 {
      findings.append(
        Finding(.warning, code: "unread-field", "\(document.furtherReportCount) further fields are left out"))
    }
  }

  /// Version by domain.
  private mutating func operatorSets(_ model: ModelRecord) throws(ModelError) -> [String: Int] {
    if let version = model.irVersion, !(3...13).contains(version) {
      guard version > 13 else { throw ModelError(.unsupported, "IR version \(version); 3 to 13 are known") }
      findings.append(
        Finding(.warning, code: "ir-version", "IR version \(version) is newer than those that are known, 3 to 13"))
    }
    var versions: [String: Int] = [:]
    for set in model.operatorSets {
      let domain = OperatorTable.canonical(domain: set.domain)
      guard let version = set.version.flatMap({ Int(exactly: $0) }), version > 0 else {
        throw ModelError(.malformed, "the operator set '\(set.domain)' has no version")
      }
      if let earlier = versions.updateValue(version, forKey: domain), earlier != version {
        throw ModelError(
          .malformed, "the operator set '\(set.domain)' is imported in versions \(earlier) and \(version)")
      }
    }
    if let version = versions[""], !OperatorTable.versions.contains(version) {
      let known = OperatorTable.versions
      throw ModelError(
        .unsupported, "operator set version \(version); \(known.lowerBound) to \(known.upperBound) are known",
        hint: "onnx.version_converter changes the version of a model")
    }
    return versions
  }

  private func source(_ model: ModelRecord, _ operatorSets: [String: Int]) -> String {
    let ir = model.irVersion.map { "ONNX IR \($0)" } ?? "ONNX"
    return operatorSets[""].map { "\(ir), opset \($0)" } ?? ir
  }

  /// What the file says of itself; its own entries stand under `metadata.`, with a number where they have one key.
  private mutating func metadata(_ model: ModelRecord) -> [String: String] {
    var metadata: [String: String] = [:]
    var keys = UniqueNames()
    var repeated: [String] = []
    for entry in model.metadata {
      let key = keys.unique("metadata.\(entry.key)")
      if key != "metadata.\(entry.key)" { repeated.append("'\(entry.key)'") }
      metadata[key] = entry.value
    }
    if !repeated.isEmpty {
      let shown = 5
      findings.append(
        Finding(
          .warning, code: "repeated-metadata",
          "metadata whose key stands there before, and gets a number: "
            + repeated.prefix(shown).joined(separator: ", ") + (repeated.count > shown ? ", …" : "")))
    }
    let producer = [model.producerName, model.producerVersion].filter { !$0.isEmpty }.joined(separator: " ")
    if !producer.isEmpty { metadata["producer"] = producer }
    if !model.domain.isEmpty { metadata["domain"] = model.domain }
    if let version = model.modelVersion, version != 0 { metadata["model_version"] = "\(version)" }
    let others = model.operatorSets.filter { !OperatorTable.canonical(domain: $0.domain).isEmpty }
    if !others.isEmpty {
      metadata["operator_sets"] = others.map { "\($0.domain) \($0.version ?? 0)" }.sorted().joined(separator: ", ")
    }
    return metadata
  }
}
