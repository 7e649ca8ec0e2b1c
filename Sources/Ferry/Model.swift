public import FormatSupport
public import ModelGraph
import NativeFormat
public import Reporting

/// A network and where it came from.
///
/// ```swift
/// let model = try Model(contentsOf: "model.h5")
/// print(model.summary().text(.plain))
/// let conversion = try model.converted()
/// try conversion.model.write(to: "model.safetensors")
/// ```
public struct Model: Sendable {
  /// The path that it was read from.
  public let path: String
  /// The name of the format that it was read in.
  public let formatName: String
  public let program: Program
  /// What is worth knowing of the file itself.
  public let notes: [Finding]
  /// The file; its bytes stay mapped while tensors point into them.
  let file: MappedFile
  /// The file that the model began as, and the passes that ran since; nil where the file itself is the beginning.
  let provenance: Provenance?
  /// What is known of the parameters' being finite.
  let finiteness: Finiteness
  /// The file's SHA-256 in the making; nil where nobody asked for it yet.
  let sourceHash: BackgroundWork<String>?

  /// Reads the model file at `path`; its content decides which format it is, its extension only where content does not.
  ///
  /// - Parameter isForConversion: whether what a conversion needs is begun, each by a thread of its own: the file's SHA-256, which
  ///   ``write(to:replacing:)`` states, and the check for weights that are not finite, whose `.nonFinite` is then thrown by
  ///   ``converted(_:)``.
  /// - Throws: `.noInput` where no file stands there; `.malformed` where the content breaks the format's rules;
  ///   `.unsupported` where it uses what Ferry has no meaning for; `.nonFinite` for weights that are NaN or infinite, unless
  ///   the options let them through.
  public init(
    contentsOf path: String, options: ImportOptions = .standard, isForConversion: Bool = false
  ) throws(ModelError) {
    let file = try MappedFile(path: path)
    sourceHash = isForConversion ? BackgroundWork { ContentHash.sha256Text(file.bytes) } : nil
    self.path = path
    self.file = file
    let (format, note) = try within(.file(path)) { () throws(ModelError) in try FormatRegistry.format(of: file) }
    let isSeenFinite: Bool
    if format == NativeFormat.self {
      let document = try within(.file(path)) { () throws(ModelError) in
        try NativeFormat.readDocument(file, options: options)
      }
      program = document.program
      provenance = document.provenance
      isSeenFinite = document.isKnownFinite
    } else {
      program = try within(.file(path)) { () throws(ModelError) in try format.read(file, options: options) }
      provenance = nil
      isSeenFinite = false
    }
    formatName = format.name
    notes = note.map { [$0] } ?? []
    let graphs = program.graphs
    @Sendable func check() -> Result<Void, ModelError> {
      Result { () throws(ModelError) in for graph in graphs { try graph.requireFiniteParameters() } }
    }
    if options.allowsNonFinite {
      finiteness = .unknown
    } else if isForConversion, !isSeenFinite {
      finiteness = .awaited(BackgroundWork(check))
    } else {
      finiteness = .known
      if !isSeenFinite { try within(.file(path)) { () throws(ModelError) in try check().get() } }
    }
  }

  /// The same model with another program: what a conversion makes of it.
  init(_ model: Model, program: Program, provenance: Provenance) {
    path = model.path
    file = model.file
    formatName = model.formatName
    notes = model.notes
    finiteness = model.finiteness
    sourceHash = model.sourceHash
    self.program = program
    self.provenance = provenance
  }

  /// The last part of the path.
  public var name: String { file.name }

  /// The graph that runs when nothing else is said.
  public var graph: Graph { program.mainGraph }

  /// What is worth knowing of the file, and of what was read from it, such as what had to be assumed.
  public var findings: [Finding] { notes + program.findings }

  /// The network layer by layer, with its totals.
  public func summary() -> ModelSummary { ModelSummary(program, name: name, notes: notes) }
}
