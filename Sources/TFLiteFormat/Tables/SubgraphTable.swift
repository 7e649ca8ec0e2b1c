import ModelGraph

/// One graph of a model: tensors, and operators in the order in which they run.
package struct SubgraphTable {
  package var tensors: [TensorTable]
  /// Tensor numbers.
  package var inputs: [Int]
  /// Tensor numbers.
  package var outputs: [Int]
  package var operators: [OperatorTable]
  package var name: String

  init(_ table: FlatTable, _ unknown: inout UnknownFields) throws(ModelError) {
    name = try table.string(4) ?? ""
    tensors = try table.decode(0, "tensors") { row throws(ModelError) in try TensorTable(row, &unknown) }
    inputs = try table.integers(1, of: Int32.self) ?? []
    outputs = try table.integers(2, of: Int32.self) ?? []
    operators = try table.decode(3, "operators") { row throws(ModelError) in try OperatorTable(row, &unknown) }
    // Field 5, debug_metadata_index, points at what compilers note about themselves.
    try unknown.note(table, from: 6, in: "SubGraph")
  }
}
