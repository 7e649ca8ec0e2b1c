/// How much of a file's demands the pre-scan grants.
struct ScanLimits: Sendable {
  /// Messages inside messages; protobuf's own readers stop at the same depth.
  var nesting = 100
  /// Memory that protobuf-c and the records made from its structures may take, by a generous estimate.
  var unpackedByteCount = 1 << 29
  /// Reports that are kept in full; later ones are only counted.
  var reportCount = 100

  /// What protobuf-c keeps of every field while it parses a message, and what an allocation costs beyond its size.
  static let byteCountPerField = 64
  static let byteCountPerAllocation = 32
}
