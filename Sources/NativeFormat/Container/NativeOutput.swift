import FormatSupport
import ModelGraph

/// A native file before it is written: the tensors in their order, and a header that lacks their checksums.
///
/// The header stands in front of the tensors and holds the checksum of each. Since a checksum always takes 16 digits, the
/// header's length is known before: the tensors are written behind its place, each read, or computed, once and hashed on the
/// way, and the header last.
struct NativeOutput {
  private let tensors: [TensorTable.Entry]
  /// The graph's JSON but for the checksums.
  private let program: StoredProgram
  /// What the header says of each tensor, in their order.
  private var entries: [StoredEntry] = []

  init(_ document: NativeDocument) throws(ModelError) {
    var table = TensorTable()
    program = try StoredProgram(document, tensors: &table)
    tensors = table.ordered
    var offset = 0
    for entry in tensors {
      let (end, overflows) = offset.addingReportingOverflow(entry.byteCount)
      guard !overflows else {
        throw ModelError(.unsupported, "the tensors are too large for a file").within(.tensor(entry.name))
      }
      entries.append(StoredEntry(dtype: entry.type.rawValue, shape: entry.shape, offsets: [offset, end]))
      offset = end
    }
  }

  func write(to file: AtomicFile) throws(ModelError) {
    let unknown = [String](repeating: HeaderChecksum.zeros, count: tensors.count)
    let blank = try header(checksums: unknown)
    file.reserve(blank.count)
    let writer = BackgroundWriter(file)
    let hash = StreamingHash()
    var checksums: [String] = []
    for entry in tensors {
      try entry.tensor.forEachPiece(in: writer.space) { (piece) throws(ModelError) in
        hash.update(piece)
        try writer.append(piece)
      }
      checksums.append(checksumText(hash.finish()))
    }
    try writer.finish()
    let complete: [UInt8]
    if let filled = try completed(blank, checksums) {
      complete = filled
    } else {
      complete = try header(checksums: checksums)
    }
    guard complete.count == blank.count else { throw ModelError(.internalFault, "the header's length has changed") }
    try file.fill(complete, at: 0)
  }

  /// A header with the checksums in place of zeros; nil where a name looks like one of their places.
  private func completed(_ blank: [UInt8], _ checksums: [String]) throws(ModelError) -> [UInt8]? {
    // As the graph's text stands within the header, the quotes of a string.
    let place = Array("\\\"xxh3\\\":\\\"\(HeaderChecksum.zeros)\\\"".utf8)
    let digitsAt = place.count - HeaderChecksum.digitCount - 2
    let ordered = zip(tensors, checksums).sorted { $0.0.name.utf8.lexicographicallyPrecedes($1.0.name.utf8) }
    var header = blank
    var position = 0
    for (_, checksum) in ordered {
      guard let found = header.withUnsafeBytes({ HeaderChecksum.position(of: place, in: $0, from: position) }) else {
        return nil
      }
      position = found + place.count
      header.replaceSubrange(found + digitsAt..<found + digitsAt + HeaderChecksum.digitCount, with: checksum.utf8)
    }
    guard header.withUnsafeBytes({ HeaderChecksum.position(of: place, in: $0, from: 0) }) == nil else { return nil }
    return try Self.sealed(header)
  }

  /// The 8 bytes of the length and the header, padded with spaces to a multiple of 8, complete with its own checksum.
  ///
  /// - Parameter checksums: one a tensor, in their order.
  private func header(checksums: [String]) throws(ModelError) -> [UInt8] {
    var program = program
    for (entry, checksum) in zip(tensors, checksums) { program.tensors[entry.name] = StoredChecksum(xxh3: checksum) }
    var graph = JSONWriter()
    try program.encode(to: &graph)
    var writer = JSONWriter()
    writer.beginObject()
    writer.beginMember("__metadata__")
    try [
      MetadataKey.version: "\(NativeFormat.version.major).\(NativeFormat.version.minor)",
      MetadataKey.graph: graph.text,
      MetadataKey.headerChecksum: HeaderChecksum.zeros,
    ].encode(to: &writer)
    for (tensor, entry) in zip(tensors, entries) {
      writer.beginMember(tensor.name)
      try entry.encode(to: &writer)
    }
    writer.endObject()
    let json = writer.bytes
    let length = (json.count + 7) / 8 * 8
    guard length <= Limits.standard.headerBytes else {
      throw ModelError(.unsupported, "the graph is too large for the native format: a header of \(length) bytes")
    }
    var header: [UInt8] = []
    header.reserveCapacity(8 + length)
    for byte in 0..<8 { header.append(UInt8(truncatingIfNeeded: length >> (8 * byte))) }
    header += json
    header += [UInt8](repeating: UInt8(ascii: " "), count: length - json.count)
    return try Self.sealed(header)
  }

  /// A header with its own checksum.
  private static func sealed(_ header: [UInt8]) throws(ModelError) -> [UInt8] {
    var header = header
    let digits = header.withUnsafeBytes { HeaderChecksum.digits(in: $0) }
    guard let digits else { throw ModelError(.internalFault, "the header's checksum has no place") }
    header.replaceSubrange(digits, with: header.withUnsafeBytes { HeaderChecksum.text(of: $0, digits: digits) })
    return header
  }
}
