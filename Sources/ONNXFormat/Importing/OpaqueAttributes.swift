internal import ModelGraph

/// Attributes of an operator without a meaning, as the graph keeps them.
enum OpaqueAttributes {
  /// - Throws: `.malformed` when two attributes have the same name.
  static func make(_ records: [AttributeRecord]) throws(ModelError) -> [String: OpaqueOp.Attribute] {
    try AttributeRecord.byName(records).mapValues(make)
  }

  private static func make(_ content: AttributeRecord.Content) -> OpaqueOp.Attribute {
    switch content {
    case .float(let value): .float(Double(value))
    case .int(let value): .integer(value)
    case .string(let bytes): text(bytes).map(OpaqueOp.Attribute.string) ?? .description("\(bytes.count) bytes")
    case .floats(let values): .floats(values.map(Double.init))
    case .ints(let values): .integers(values)
    case .strings(let values): strings(values)
    case .tensor(let record): .description(describe(record))
    case .tensors(let records): .description(records.map(describe).joined(separator: "; "))
    case .graph(let graphs), .graphs(let graphs): .description(graphs.map(describe).joined(separator: "; "))
    case .sparseTensor: .description("a sparse tensor")
    case .sparseTensors(let records): .description("\(records.count) sparse tensors")
    case .type: .description("a type")
    case .types(let count): .description("\(count) types")
    case .reference(let name): .description("the attribute '\(name)' of the calling node")
    }
  }

  private static func text(_ bytes: [UInt8]) -> String? { String(validating: bytes, as: UTF8.self) }

  private static func strings(_ values: [[UInt8]]) -> OpaqueOp.Attribute {
    let texts = values.compactMap(text)
    return texts.count == values.count ? .strings(texts) : .description("\(values.count) strings of bytes")
  }

  private static func describe(_ record: TensorRecord) -> String {
    "tensor \(DataType(number: record.dataType ?? 0).name) \(record.dimensions)"
  }

  private static func describe(_ graph: GraphRecord) -> String {
    let operators = graph.nodes.prefix(20).map(\.operatorType).joined(separator: ", ")
    return "graph '\(graph.name)' of \(graph.nodes.count) nodes: \(operators)"
      + (graph.nodes.count > 20 ? ", …" : "")
  }
}
