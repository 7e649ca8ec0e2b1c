import FormatSupport
import ModelGraph

/// The graph's JSON: everything of a program and its provenance but the bytes of the tensors.
struct StoredProgram: FieldCoded {
  var graphs: [StoredGraph] = []
  var main = 0
  var signatures: [Signature] = []
  var source = ""
  var metadata: [String: String] = [:]
  var findings: [Finding] = []
  var provenance = Provenance.blank
  /// The checksum of every tensor of the file.
  var tensors: [String: StoredChecksum] = [:]

  static var blank: StoredProgram { StoredProgram() }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("findings", &findings)
    try fields.code("graphs", &graphs)
    try fields.code("main", &main)
    try fields.code("metadata", &metadata)
    try fields.code("provenance", &provenance)
    try fields.code("signatures", &signatures)
    try fields.code("source", &source)
    try fields.code("tensors", &tensors)
  }

  private init() {}

  /// What is to be written; the constants' bytes are collected in `tensors`.
  init(_ document: NativeDocument, tensors: inout TensorTable) throws(ModelError) {
    let program = document.program
    for graph in program.graphs {
      graphs.append(
        try within(.subgraph(graph.name)) { () throws(ModelError) in try StoredGraph(graph, tensors: &tensors) })
    }
    main = program.main
    signatures = program.signatures
    source = program.source
    metadata = program.metadata
    findings = program.findings
    provenance = document.provenance
  }

  /// The program, its constants pointing into the container's file, after every checksum was compared.
  func document(
    _ container: NativeContainer, scan: TensorScan, limits: Limits
  ) throws(ModelError) -> NativeDocument {
    let counts = [
      ("graphs", graphs.count, limits.graphs), ("nodes", graphs.reduce(0) { $0 + $1.nodes.count }, limits.nodes),
      ("values", graphs.reduce(0) { $0 + $1.values.count }, limits.values),
    ]
    for (what, count, limit) in counts where count > limit {
      throw ModelError(.malformed, "\(count) \(what) pass the limit of \(limit)")
    }
    try expectChecksums(container)
    var unused = Set(container.entries.keys)
    var restored: [Graph] = []
    for graph in graphs {
      restored.append(
        try within(.subgraph(graph.name)) { () throws(ModelError) in
          try graph.restored(container, unused: &unused)
        })
    }
    if let name = unused.min() { throw ModelError(.malformed, "no value refers to it").within(.tensor(name)) }
    for signature in signatures where !restored.indices.contains(signature.graph) {
      throw ModelError(.malformed, "the signature '\(signature.name)' enters graph \(signature.graph)")
    }
    let program = try Program(
      graphs: restored, main: main, signatures: signatures, source: source, metadata: metadata, findings: findings)
    let results = scan.results
    try verifyTensors(results)
    return NativeDocument(
      program: program, provenance: provenance,
      isKnownFinite: results.allSatisfy(\.isFinite) && graphs.allSatisfy(\.hasFiniteSplats))
  }

  private func expectChecksums(_ container: NativeContainer) throws(ModelError) {
    if let name = tensors.keys.filter({ container.entries[$0] == nil }).min() {
      throw ModelError(.malformed, "has a checksum and no content").within(.tensor(name))
    }
    if let name = container.entries.keys.filter({ tensors[$0] == nil }).min() {
      throw ModelError(.malformed, "has no checksum").within(.tensor(name))
    }
  }

  private func verifyTensors(_ results: [TensorScan.Result]) throws(ModelError) {
    for result in results where tensors[result.name]?.xxh3 != result.checksum {
      throw ModelError(
        .malformed, "its content is damaged: the checksum does not match", byteOffset: result.byteOffset
      ).within(.tensor(result.name))
    }
  }
}

extension Provenance: FieldCoded {
  static var blank: Provenance { Provenance(sourceSHA256: nil, sourceFormat: "", passes: []) }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("sourceSHA256", &sourceSHA256)
    try fields.code("sourceFormat", &sourceFormat)
    try fields.code("passes", &passes)
  }
}

/// What is known of a tensor's bytes.
struct StoredChecksum: FieldCoded {
  /// XXH3 of 64 bits, 16 lower-case hexadecimal digits.
  var xxh3: String

  static var blank: StoredChecksum { StoredChecksum(xxh3: "") }

  mutating func code(_ fields: inout FieldCoder) throws(ModelError) {
    try fields.code("xxh3", &xxh3)
  }
}
