import ModelGraph

/// The options of one operator: every field that the schema has for its table.
package struct OperatorOptions {
  /// The table's type number in `BuiltinOptions`; 0 for none.
  package let type: Int
  /// `nil` where the operator has no options or a kind that the schema lacks.
  package let table: OptionTable?
  /// In the order of the schema.
  package let values: [(name: String, value: OptionValue)]
  /// Numbers of the fields that the file holds and the schema lacks.
  package let unknownFields: [Int]

  /// - Parameters:
  ///   - type: the table's type number.
  ///   - row: the table; `nil` where the operator has none.
  init(type: Int, table row: FlatTable?) throws(ModelError) {
    self.type = type
    let table = OptionTable.builtin(type: type)
    self.table = table
    guard let table, let row else {
      values = []
      unknownFields = []
      return
    }
    var values: [(name: String, value: OptionValue)] = []
    for field in table.fields {
      values.append((field.name, try Self.value(of: field, in: row)))
    }
    self.values = values
    // Fields 0 and 1 of ResizeBilinearOptions are retired; the output's size became an input.
    let known = (table.fields.last?.id ?? -1) + 1
    var unknown = try row.fields(from: known)
    if let first = table.fields.first?.id, first > 0 {
      for id in 0..<first where try row.holds(id) { unknown.append(id) }
    }
    unknownFields = unknown
  }

  private static func value(of field: OptionField, in row: FlatTable) throws(ModelError) -> OptionValue {
    let id = field.id
    switch field.kind {
    case .int32(let value): return .integer(Int(try row.integer(id, default: value)))
    case .int64: return .integer(Int(try row.integer(id, default: 0 as Int64)))
    case .uint32: return .integer(Int(try row.integer(id, default: 0 as UInt32)))
    case .float: return .float(try row.float(id))
    case .bool(let value): return .bool(try row.bool(id, default: value))
    case .int32s: return .integers(try row.integers(id, of: Int32.self) ?? [])
    case .floats: return .floats(try row.floats(id) ?? [])
    case .bytes: return .integers(try row.integers(id, of: UInt8.self) ?? [])
    case .string: return .string(try row.string(id) ?? "")
    case .enumeration(let enumeration, let value):
      let number = Int(try row.integer(id, default: value))
      return .enumeration(number, name: enumeration.name(of: number))
    }
  }

  /// The value under `name`; `nil` where the operator has no options table, or its table no such field.
  package subscript(name: String) -> OptionValue? {
    values.first { $0.name == name }?.value
  }
}
