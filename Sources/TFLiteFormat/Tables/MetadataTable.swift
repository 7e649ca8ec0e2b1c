import ModelGraph

/// A named buffer that is not a tensor's.
package struct MetadataTable {
  package var name: String
  package var buffer: Int

  init(_ table: FlatTable, _ unknown: inout UnknownFields) throws(ModelError) {
    name = try table.string(0) ?? ""
    buffer = Int(try table.integer(1, default: 0 as UInt32))
    try unknown.note(table, from: 2, in: "Metadata")
  }
}
