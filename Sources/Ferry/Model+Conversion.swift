import FormatSupport
public import ModelGraph
import NativeFormat
import Passes
import Reporting

extension Model {
  /// The model in canonical form: one meaning, one layout, whatever format it came in.
  ///
  /// - Throws: `.unsupported` naming every operator without a meaning; `.malformed` naming every tensor whose quantization
  ///   contradicts its shape; `.nonFinite` naming a weight that is NaN or infinite
  ///   unless the options let it through; `.usage` for a pass that does not exist.
  public func converted(_ options: ConversionOptions = .standard) throws(ModelError) -> Conversion {
    try within(.file(path)) { () throws(ModelError) in
      try graph.requireNoOpaqueNodes()
      try graph.requireSoundQuantization()
      if case .unknown = finiteness, !options.allowsNonFinite { try graph.requireFiniteParameters() }
      let outcome = Result { () throws(ModelError) in
        try PassPipeline.canonical.run(
          graph,
          options: PassOptions(
            skipped: options.skippedPasses, only: options.onlyPasses, stopAfter: options.lastPass))
      }
      // What the passes say of weights that are not finite would hide the reason.
      try finiteness.require()
      let result = try outcome.get()
      if !options.allowsNonFinite { try result.graph.requireFiniteParameters(madeFrom: graph) }
      let passes = result.reports.map { report in
        ConversionReport.Pass(
          name: report.name, changeCount: report.applied, changes: report.explanations,
          rejections: report.rejections.map { "\($0.node): \($0.reason)" })
      }
      var provenance = self.startingProvenance
      // A pass that ran before and found nothing more to do is no second fact: a native file converted again stays the same bytes.
      provenance.passes += result.reports.map(\.name).filter { !provenance.passes.contains($0) }
      let model = Model(self, program: program.with(mainGraph: result.graph), provenance: provenance)
      return Conversion(model: model, passes: passes)
    }
  }

  /// The model as the engine runs it: one in canonical form as it is, any other converted in memory.
  public func executable(_ options: ConversionOptions = .standard) throws(ModelError) -> Model {
    try isCanonical && options.isComplete ? self : converted(options).model
  }

  /// Whether every pass has run.
  var isCanonical: Bool { provenance.map { Set($0.passes).isSuperset(of: ConversionOptions.passNames) } ?? false }

  /// What is known of the model before the next pass runs.
  var startingProvenance: Provenance {
    provenance ?? Provenance(sourceSHA256: nil, sourceFormat: program.source, passes: [])
  }

  /// The model for given extents of its inputs, in the axis order of its signature.
  ///
  /// - Throws: `.usage` for a name that is no input, or extents that contradict the signature.
  public func specialized(inputShapes: [String: [Int]]) throws(ModelError) -> Model {
    for name in inputShapes.keys.sorted() where !graph.inputs.contains(where: { $0.name == name }) {
      throw ModelError(
        .usage, "the model has no input '\(name)'",
        hint: "its inputs: \(graph.inputs.map { "'\($0.name)'" }.joined(separator: ", "))")
    }
    let graph = try graph.specialized(inputShapes: graph.inputs.map { inputShapes[$0.name] })
    return Model(self, program: program.with(mainGraph: graph), provenance: startingProvenance)
  }
}

extension Model {
  /// Writes the model as a native file: a safetensors file that carries the graph. The same model gives the same bytes.
  ///
  /// - Parameter replacing: whether a file that stands at `path` is replaced.
  /// - Returns: the size of the file in bytes.
  /// - Throws: `.cannotCreate` where the output exists or cannot be created; `.inputOutput` where writing fails; `.nonFinite` where
  ///   the model was read for a conversion, and not converted.
  @discardableResult
  public func write(to path: String, replacing: Bool = false) throws(ModelError) -> Int {
    try within(.file(self.path)) { () throws(ModelError) in try finiteness.require() }
    var provenance = startingProvenance
    // Hashed here at the latest: reading alone has no use for it.
    if provenance.sourceSHA256 == nil {
      provenance.sourceSHA256 = sourceHash?.value ?? ContentHash.sha256Text(file.bytes)
    }
    try NativeFormat.write(program, provenance: provenance, to: path, replacing: replacing)
    return try MappedFile(path: path).byteCount
  }

  /// Throws what ``write(to:replacing:)`` would throw for its output, before any work is done.
  public static func checkOutput(_ path: String, replacing: Bool) throws(ModelError) {
    try AtomicFile.check(path: path, replacing: replacing)
  }
}
