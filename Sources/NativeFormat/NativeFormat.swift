public import FormatSupport
public import ModelGraph

/// Ferry's own format: a valid safetensors file whose `__metadata__` carries the graph.
///
/// The bytes are described in the article NativeFormat of Ferry's documentation, the graph's JSON in
/// `Schemas/native-graph.schema.json`. Every bit of a file is covered by a checksum that reading compares.
public enum NativeFormat: ModelFormat {
  public static let name = "Ferry native"
  public static let fileExtensions = ["safetensors"]

  /// The version that is written. A file of a larger major version is refused.
  public static let version = (major: 1, minor: 0)

  /// A safetensors file begins with the length of its header, then the header's brace and first key.
  public static func matches(header: [UInt8]) -> Bool {
    header.count >= 10 && header[5..<8].allSatisfy { $0 == 0 } && header[8] == UInt8(ascii: "{")
      && header[9] == UInt8(ascii: "\"")
  }

  /// Reads the model; its weights stay in the mapped file.
  ///
  /// - Throws: `.malformed` where the file is damaged or breaks a rule of the format; `.unsupported` for a newer
  ///   version, an unknown field, and a safetensors file that Ferry did not write.
  public static func read(_ file: MappedFile, options: ImportOptions) throws(ModelError) -> Program {
    try readDocument(file, options: options).program
  }

  /// Reads the model and where it comes from.
  ///
  /// - Throws: as ``read(_:options:)``.
  public static func readDocument(
    _ file: MappedFile, options: ImportOptions = .standard
  ) throws(ModelError) -> NativeDocument {
    let container = try NativeContainer(file, limits: options.limits)
    // The tensors' bytes and the graph's text have nothing to do with each other until both are read.
    let scan = TensorScan(container)
    let stored = try within(.attribute(MetadataKey.graph)) { () throws(ModelError) in
      try StoredProgram.decoded(try JSONParser.document(container.graphText, limits: options.limits).root)
    }
    return try stored.document(container, scan: scan, limits: options.limits)
  }

  /// Writes a program; the same program gives the same bytes.
  ///
  /// - Parameter replacing: whether a file that stands at `path` is replaced.
  /// - Throws: `.cannotCreate` and `.inputOutput` as ``AtomicFile`` does; `.unsupported` for content that the format
  ///   cannot hold.
  public static func write(
    _ program: Program, provenance: Provenance, to path: String, replacing: Bool
  ) throws(ModelError) {
    let output = try NativeOutput(NativeDocument(program: program, provenance: provenance))
    let file = try AtomicFile(path: path, replacing: replacing)
    try output.write(to: file)
    try file.commit()
  }
}

/// The keys of `__metadata__`.
enum MetadataKey {
  static let version = "ferry.format_version"
  static let graph = "ferry.graph"
  static let headerChecksum = "ferry.header_xxh3"
  static let all: Set<String> = [version, graph, headerChecksum]
}
