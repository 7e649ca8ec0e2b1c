import ModelGraph

/// How a sparse constant's values are laid out (the TACO format: dense and compressed dimensions in a traversal order).
package struct SparsityTable {
  /// Where the table lies in the file: tensors that share one are sparse alike.
  package var position: Int
  package var traversalOrder: [Int]
  package var blockMap: [Int]
  package var dimensions: [Dimension]

  package struct Dimension {
    /// 0: dense; 1: compressed sparse row.
    package var format: Int
    package var denseSize: Int
    package var segments: [Int]
    package var indices: [Int]
  }

  init(_ table: FlatTable, _ unknown: inout UnknownFields) throws(ModelError) {
    position = table.position
    traversalOrder = try table.integers(0, of: Int32.self) ?? []
    blockMap = try table.integers(1, of: Int32.self) ?? []
    dimensions = try table.decode(2, "dim_metadata") { row throws(ModelError) in
      try unknown.note(row, from: 6, in: "DimensionMetadata")
      return Dimension(
        format: Int(try row.integer(0, default: 0 as Int8)), denseSize: Int(try row.integer(1, default: 0 as Int32)),
        segments: try row.indexVector(2), indices: try row.indexVector(4))
    }
    try unknown.note(table, from: 3, in: "SparsityParameters")
  }
}

extension FlatTable {
  /// The union `SparseIndexVector` whose type stands in field `id` and whose value in the next one.
  fileprivate func indexVector(_ id: Int) throws(ModelError) -> [Int] {
    let type = try integer(id, default: 0 as UInt8)
    guard type != 0, let row = try table(id + 1) else { return [] }
    switch type {
    case 1: return try row.integers(0, of: Int32.self) ?? []
    case 2: return try row.integers(0, of: UInt16.self) ?? []
    case 3: return try row.integers(0, of: UInt8.self) ?? []
    default: throw ModelError(.unsupported, "sparse index vector of type \(type)", byteOffset: position)
    }
  }
}
