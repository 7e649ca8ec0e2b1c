import ModelGraph

/// One operator of a subgraph.
package struct OperatorTable {
  /// Position in the model's `operatorCodes`.
  package var codeIndex: Int
  /// Tensor numbers; -1 for an input that is left out.
  package var inputs: [Int]
  package var outputs: [Int]
  package var options: OperatorOptions
  /// The type number of the second options union, which only StableHLO operators and a few others use; 0 for none.
  package var secondOptionsType: Int
  /// Where a custom operator's options lie in the file.
  package var customOptions: Range<Int>?
  /// 0: FlexBuffers, the only format there is.
  package var customOptionsFormat: Int
  package var mutatesVariables: Bool
  /// Scratch tensors that some recurrent operators name.
  package var intermediates: [Int]

  init(_ table: FlatTable, _ unknown: inout UnknownFields) throws(ModelError) {
    codeIndex = Int(try table.integer(0, default: 0 as UInt32))
    inputs = try table.integers(1, of: Int32.self) ?? []
    outputs = try table.integers(2, of: Int32.self) ?? []
    let type = Int(try table.integer(3, default: 0 as UInt8))
    options = try OperatorOptions(type: type, table: try table.table(4))
    customOptions = try table.byteRange(5)
    customOptionsFormat = Int(try table.integer(6, default: 0 as Int8))
    mutatesVariables = try table.integers(7, of: UInt8.self)?.contains { $0 != 0 } ?? false
    intermediates = try table.integers(8, of: Int32.self) ?? []
    let largeOffset = Int(clamping: try table.integer(9, default: 0 as UInt64))
    let largeSize = Int(clamping: try table.integer(10, default: 0 as UInt64))
    // As with buffers, an offset of 0 or 1 stands for "not behind the flatbuffer".
    if largeOffset > 1 {
      customOptions = try table.buffer.range(at: largeOffset, length: largeSize, of: "an operator's custom options")
    }
    secondOptionsType = Int(try table.integer(11, default: 0 as UInt8))
    // Field 13, debug_metadata_index, points at what compilers note about themselves.
    try unknown.note(table, from: 14, in: "Operator")
  }
}
