import FormatSupport
import ModelGraph

/// A native file before it is written: the header, complete with its checksums, and the tensors in their order.
struct NativeOutput {
  /// The 8 bytes of the length and the header, padded with spaces to a multiple of 8.
  let header: [UInt8]
  let tensors: [TensorTable.Entry]

  init(_ document: NativeDocument) throws(ModelError) {
    var table = TensorTable()
    var stored = try StoredProgram(document, tensors: &table)
    tensors = table.ordered
    var members: [String: JSONValue] = [:]
    var offset = 0
    for entry in tensors {
      try within(.tensor(entry.name)) { () throws(ModelError) in
        try entry.tensor.withUnsafeBytes { (bytes) throws(ModelError) in
          let (end, overflows) = offset.addingReportingOverflow(bytes.count)
          guard !overflows else { throw ModelError(.unsupported, "the tensors are too large for a file") }
          members[entry.name] = try StoredEntry(
            dtype: entry.type.rawValue, shape: entry.shape, offsets: [offset, end]
          ).encoded()
          stored.tensors[entry.name] = StoredChecksum(xxh3: checksumText(bytes))
          offset = end
        }
      }
    }
    members["__metadata__"] = .object([
      MetadataKey.version: .string("\(NativeFormat.version.major).\(NativeFormat.version.minor)"),
      MetadataKey.graph: .string(JSONWriter.text(try stored.encoded())),
      MetadataKey.headerChecksum: .string(HeaderChecksum.zeros),
    ])
    header = try Self.header(JSONWriter.bytes(.object(members)))
  }

  func write(to file: AtomicFile) throws(ModelError) {
    try file.write(header)
    for entry in tensors {
      try entry.tensor.withUnsafeBytes { (bytes) throws(ModelError) in try file.write(bytes) }
    }
  }

  private static func header(_ json: [UInt8]) throws(ModelError) -> [UInt8] {
    let length = (json.count + 7) / 8 * 8
    guard length <= Limits.standard.headerBytes else {
      throw ModelError(.unsupported, "the graph is too large for the native format: a header of \(length) bytes")
    }
    var header: [UInt8] = []
    header.reserveCapacity(8 + length)
    for byte in 0..<8 { header.append(UInt8(truncatingIfNeeded: length >> (8 * byte))) }
    header += json
    header += [UInt8](repeating: UInt8(ascii: " "), count: length - json.count)
    let digits = header.withUnsafeBytes { HeaderChecksum.digits(in: $0) }
    guard let digits else { throw ModelError(.internalFault, "the header's checksum has no place") }
    header.replaceSubrange(digits, with: header.withUnsafeBytes { HeaderChecksum.text(of: $0, digits: digits) })
    return header
  }
}
