import ModelGraph

/// One tensor of a subgraph: a value that flows, or a constant.
package struct TensorTable {
  /// Sizes as the file states them, outermost first; `nil` where the file has none.
  package var shape: [Int]?
  /// Sizes with -1 for those that are open; `nil` where all are fixed.
  package var shapeSignature: [Int]?
  /// Whether an empty shape means a scalar (true) or may mean that the rank is unknown (false).
  package var hasRank: Bool
  /// The element type's number in the schema's `TensorType`.
  package var type: Int
  /// The number of the buffer that holds the data; 0 is by convention the empty one.
  package var buffer: Int
  /// `nil` where the file gives none.
  package var name: String?
  package var quantization: QuantizationTable?
  package var isVariable: Bool
  package var sparsity: SparsityTable?
  /// Whether the tensor is of type VARIANT and says what its elements are.
  package var variantTensorCount: Int
  /// The number of a buffer in another file; 0 where there is none.
  package var externalBuffer: Int

  init(_ table: FlatTable, _ unknown: inout UnknownFields) throws(ModelError) {
    shape = try table.integers(0, of: Int32.self)
    type = Int(try table.integer(1, default: 0 as Int8))
    buffer = Int(try table.integer(2, default: 0 as UInt32))
    name = try table.string(3)
    quantization = try table.table(4).map { row throws(ModelError) in try QuantizationTable(row, &unknown) }
    isVariable = try table.bool(5)
    sparsity = try table.table(6).map { row throws(ModelError) in try SparsityTable(row, &unknown) }
    shapeSignature = try table.integers(7, of: Int32.self)
    hasRank = try table.bool(8)
    variantTensorCount = try table.tables(9)?.count ?? 0
    externalBuffer = Int(try table.integer(10, default: 0 as UInt32))
    try unknown.note(table, from: 11, in: "Tensor")
  }
}
