import ModelGraph

/// The bytes of a constant or of metadata.
package struct BufferTable {
  /// Where the bytes lie in the file; `nil` for a buffer without data.
  package var bytes: Range<Int>?

  /// Files above 2 GB keep their data behind the flatbuffer, at `offset` from the start of the file; `offset` 0 or 1
  /// says that they do not.
  init(_ table: FlatTable, _ unknown: inout UnknownFields) throws(ModelError) {
    let data = try table.byteRange(0)
    let offset = Int(clamping: try table.integer(1, default: 0 as UInt64))
    let size = Int(clamping: try table.integer(2, default: 0 as UInt64))
    if offset > 1 {
      bytes = try table.buffer.range(at: offset, length: size, of: "a buffer behind the flatbuffer")
    } else {
      bytes = data.flatMap { $0.isEmpty ? nil : $0 }
    }
    try unknown.note(table, from: 3, in: "Buffer")
  }
}
