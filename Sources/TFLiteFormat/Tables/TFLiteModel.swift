package import ModelGraph

/// A `.tflite` file's tables, decoded and verified; weights stay where they are in the file, as byte ranges.
package struct TFLiteModel {
  /// The schema's version: 3 for every model since 2017.
  package var version: Int
  package var operatorCodes: [OperatorCodeTable]
  package var subgraphs: [SubgraphTable]
  package var description: String
  package var buffers: [BufferTable]
  package var metadata: [MetadataTable]
  package var signatures: [SignatureTable]
  /// How many tensors' data lie in other files; Ferry opens none of them.
  package var externalBufferCount: Int
  /// The bytes that follow everything the model's tables occupy, when they are not just padding; often a zip of label
  /// files.
  package var trailingBytes: Range<Int>?
  /// Fields of the file that Ferry's schema does not know, as `Table.field N`.
  package var unknownFields: [String]

  /// The four bytes at offset 4 of a `.tflite` file.
  package static let identifier: [UInt8] = [0x54, 0x46, 0x4C, 0x33]
}

extension TFLiteModel {
  /// Decodes a file.
  ///
  /// - Parameter file: the whole file, the flatbuffer first.
  /// - Throws: `.malformed` where an offset, a size or a count leaves the file.
  package init(decoding file: any TensorStorage) throws(ModelError) {
    let bytes = file.bytes
    defer { withExtendedLifetime(file) {} }
    guard bytes.count >= 8 else {
      throw ModelError(.malformed, "\(bytes.count) bytes are too few for a TFLite model", byteOffset: 0)
    }
    guard bytes[4..<8].elementsEqual(Self.identifier) else {
      throw ModelError(.malformed, "the identifier TFL3 is missing at byte 4", byteOffset: 4)
    }
    let buffer = FlatBuffer(file)
    let root = try FlatTable.root(of: buffer)
    var unknown = UnknownFields()
    version = Int(try root.integer(0, default: 0 as UInt32))
    operatorCodes = try root.decode(1, "operator_codes") { table throws(ModelError) in
      try OperatorCodeTable(table, &unknown)
    }
    subgraphs = try root.decode(2, "subgraphs") { table throws(ModelError) in try SubgraphTable(table, &unknown) }
    description = try root.string(3) ?? ""
    buffers = try root.decode(4, "buffers") { table throws(ModelError) in try BufferTable(table, &unknown) }
    // Field 5, metadata_buffer, is an older list of buffer numbers without names; `metadata` replaced it.
    _ = try root.integers(5, of: Int32.self)
    metadata = try root.decode(6, "metadata") { table throws(ModelError) in try MetadataTable(table, &unknown) }
    signatures = try root.decode(7, "signature_defs") { table throws(ModelError) in
      try SignatureTable(table, &unknown)
    }
    externalBufferCount = try root.tables(9)?.count ?? 0
    try unknown.note(root, from: 10, in: "Model")
    unknownFields = unknown.names
    trailingBytes = Self.trailingBytes(of: bytes, after: buffer.end)
  }

  /// What lies behind `end`, when it is more than the zeros that align a file's size and the odd table that a writer made
  /// and never used.
  private static func trailingBytes(of bytes: UnsafeRawBufferPointer, after end: Int) -> Range<Int>? {
    let longestPadding = 64
    let shortestContent = 16
    var first = end
    while first < bytes.count, first - end < longestPadding, bytes[first] == 0 { first += 1 }
    return bytes.count - first >= shortestContent ? first..<bytes.count : nil
  }
}

extension FlatTable {
  /// Decodes every table of the vector `id`; none where it is absent. Faults name the vector and the position in it.
  func decode<Row>(
    _ id: Int, _ name: String, _ row: (FlatTable) throws(ModelError) -> Row
  ) throws(ModelError) -> [Row] {
    var rows: [Row] = []
    for table in try within(.entry(name), { () throws(ModelError) in try tables(id) }) ?? [] {
      rows.append(try within(.entry("\(name)[\(rows.count)]")) { () throws(ModelError) in try row(table) })
    }
    return rows
  }
}

/// Collects the fields that a newer schema has and ours does not, so that none is ignored in silence.
struct UnknownFields {
  /// A file can hold as many as it likes; the first few say enough.
  static let limit = 32
  private(set) var names: [String] = []

  mutating func note(_ table: FlatTable, from known: Int, in name: String) throws(ModelError) {
    guard names.count < Self.limit else { return }
    for id in try table.fields(from: known) {
      let text = "\(name).field \(id)"
      if !names.contains(text) { names.append(text) }
      guard names.count < Self.limit else { return }
    }
  }
}
