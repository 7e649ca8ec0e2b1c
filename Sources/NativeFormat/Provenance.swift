/// Where a native file comes from: enough to find its source again, nothing that changes from run to run.
public struct Provenance: Hashable, Sendable {
  /// SHA-256 of the source file, 64 lower-case hexadecimal digits; nil where there was no file.
  public var sourceSHA256: String?
  /// The source's format and version in words: `TFLite 3`.
  public var sourceFormat: String
  /// The names of the passes that ran, in their order.
  public var passes: [String]

  public init(sourceSHA256: String?, sourceFormat: String, passes: [String]) {
    self.sourceSHA256 = sourceSHA256
    self.sourceFormat = sourceFormat
    self.passes = passes
  }
}
