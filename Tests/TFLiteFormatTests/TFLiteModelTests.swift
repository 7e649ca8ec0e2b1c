import FormatSupport
import ModelGraph
import TFLiteFormat
import Testing

struct TFLiteModelTests {
  private func decode(_ bytes: [UInt8]) throws(ModelError) -> TFLiteModel {
    try TFLiteModel(decoding: MappedFile(bytes: bytes, name: "test"))
  }

  /// Each field of every options table stands away from its default in this file, which the official schema's own
  /// classes wrote: a wrong field number would read as the default.
  @Test func everyOptionIsReadUnderItsNumber() throws {
    let model = try decode(TFLiteGolden.bytes("every_options_table"))
    let operators = try #require(model.subgraphs.first).operators
    #expect(operators.count == OptionTable.builtin.count + 1)
    for (row, table) in zip(operators, OptionTable.builtin) {
      #expect(row.options.type == table.type)
      #expect(row.options.table?.name == table.name)
      #expect(row.options.values.count == table.fields.count)
      #expect(row.options.unknownFields.isEmpty)
      for (field, entry) in zip(table.fields, row.options.values) {
        #expect(Self.isChanged(entry.value, field), "\(table.name).\(field.name) is \(entry.value)")
      }
    }
    #expect(model.unknownFields.isEmpty)
    #expect(model.trailingBytes == nil)
  }

  private static func isChanged(_ value: OptionValue, _ field: OptionField) -> Bool {
    switch (value, field.kind) {
    case (.integer(let number), .int32(let original)): number == Int(original) + 3
    case (.integer(let number), .int64), (.integer(let number), .uint32): number == 3
    case (.float(let number), .float): number == 0.375
    case (.bool(let flag), .bool(let original)): flag != original
    case (.integers(let numbers), .int32s), (.integers(let numbers), .bytes): numbers == [3, 1, 2]
    case (.floats(let numbers), .floats): numbers == [0.5, -2.25]
    case (.string(let text), .string): text.hasSuffix(field.name == "container" ? "container" : "sharedName")
    case (.enumeration(let number, _), .enumeration(let kind, _)):
      number == (kind.name == "TensorType" ? 9 : kind.name == "ReduceWindowFunction" ? 3 : 1)
    default: false
    }
  }

  @Test func operatorCodesAbove127AreReadFromTheirNewField() throws {
    let model = try decode(TFLiteGolden.bytes("every_options_table"))
    #expect(model.operatorCodes.map(\.code).contains(130))
    #expect(model.operatorCodes.last?.name == "Own:Operator")
    let names = Set(model.operatorCodes.map(\.name))
    #expect(names.contains("CUMSUM"))
    #expect(!names.contains("PLACEHOLDER_FOR_GREATER_OP_CODES"))
  }

  @Test func bytesBehindTheFlatbufferAreFound() throws {
    let bytes = try TFLiteGolden.bytes("every_options_table")
    let padded = try decode(bytes + [0, 0, 0, 0, 0])
    #expect(padded.trailingBytes == nil)
    let model = try decode(bytes + [0, 0, 0x50, 0x4B, 3, 4] + [UInt8](repeating: 7, count: 20))
    #expect(model.trailingBytes == (bytes.count + 2)..<(bytes.count + 26))
  }

  @Test func anythingElseIsRefused() {
    #expect(throws: ModelError.self) { try decode([]) }
    #expect(throws: ModelError.self) { try decode(Array("just some text, nothing else".utf8)) }
    let error = #expect(throws: ModelError.self) { try decode([4, 0, 0, 0] + Array("TFL2".utf8) + [0, 0, 0, 0]) }
    #expect(error?.code == .malformed)
    #expect(error?.byteOffset == 4)
  }

  /// A file cut anywhere is refused or, cut inside the padding or the last string's zero, read.
  @Test func truncationEverywhere() throws {
    let bytes = try TFLiteGolden.bytes("every_options_table")
    var refused = 0
    for length in stride(from: 0, to: bytes.count, by: 37) {
      do { _ = try decode(Array(bytes[..<length])) } catch {
        #expect(error.code == .malformed)
        refused += 1
      }
    }
    #expect(refused > bytes.count / 37 - 3)
  }

  /// Every 32-bit word in turn becomes a hostile one: the reader must answer with a model or an error of its own.
  @Test(arguments: [0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF] as [UInt32])
  func hostileWords(_ word: UInt32) throws {
    let bytes = try TFLiteGolden.bytes("every_options_table")
    var refused = 0
    for offset in stride(from: 0, to: bytes.count - 3, by: 4) {
      var copy = bytes
      for index in 0..<4 { copy[offset + index] = UInt8(truncatingIfNeeded: word >> (8 * index)) }
      do { _ = try decode(copy) } catch {
        #expect([.malformed, .unsupported].contains(error.code))
        refused += 1
      }
    }
    #expect(refused > 100)
  }

  @Test func errorsNameThePlace() throws {
    var bytes = try TFLiteGolden.bytes("every_options_table")
    // The first operator's table is found through the error of a file that ends before its end.
    bytes.removeLast(bytes.count / 2)
    let error = #expect(throws: ModelError.self) { try decode(bytes) }
    #expect(error?.byteOffset != nil)
    #expect(error?.context.isEmpty == false)
  }
}
