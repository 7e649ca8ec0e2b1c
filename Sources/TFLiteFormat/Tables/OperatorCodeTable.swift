import ModelGraph

/// An entry of the model's list of operators in use.
package struct OperatorCodeTable {
  /// The operator's number: the larger of the old byte field and the newer 32-bit field, which older files lack.
  package var code: Int
  package var customCode: String?
  package var version: Int

  init(_ table: FlatTable, _ unknown: inout UnknownFields) throws(ModelError) {
    let old = Int(try table.integer(0, default: 0 as Int8))
    customCode = try table.string(1)
    version = Int(try table.integer(2, default: 1 as Int32))
    code = max(old, Int(try table.integer(3, default: 0 as Int32)))
    try unknown.note(table, from: 4, in: "OperatorCode")
  }

  /// The operator in the file's words: the builtin's name, or the custom operator's.
  package var name: String {
    if code == BuiltinOperator.custom { return customCode ?? "CUSTOM" }
    return BuiltinOperator.name(of: code) ?? "operator \(code)"
  }
}
