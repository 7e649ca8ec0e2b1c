internal import ModelGraph

/// An AttributeProto.
struct AttributeRecord: Sendable {
  /// The one value that it holds.
  enum Content: Sendable {
    case float(Float)
    case int(Int64)
    case string([UInt8])
    case tensor(TensorRecord)
    /// At most one element; an array, since an enum cannot hold itself through a structure.
    case graph([GraphRecord])
    case floats([Float])
    case ints([Int64])
    case strings([[UInt8]])
    case tensors([TensorRecord])
    case graphs([GraphRecord])
    case sparseTensor(SparseTensorRecord)
    case sparseTensors([SparseTensorRecord])
    case type(TypeRecord?)
    case types(count: Int)
    /// Inside a function: the value of the calling node's attribute of that name.
    case reference(String)
  }

  var name: String
  var content: Content

  /// Values under their names.
  ///
  /// - Throws: `.malformed` when two attributes have the same name.
  static func byName(_ records: [AttributeRecord]) throws(ModelError) -> [String: Content] {
    var contents: [String: Content] = [:]
    for record in records {
      guard contents.updateValue(record.content, forKey: record.name) == nil else {
        throw ModelError(.malformed, "the attribute stands there twice", context: [.attribute(record.name)])
      }
    }
    return contents
  }
}

extension AttributeRecord {
  /// About what one entry of a list or of a dictionary takes.
  static let byteCountPerEntry = 32
}

extension AttributeRecord.Content {
  /// About what a node of the graph keeps of the value; tensors are shared.
  var byteCount: Int {
    let perEntry = AttributeRecord.byteCountPerEntry
    return switch self {
    case .string(let bytes): perEntry + bytes.count
    case .floats(let values): perEntry * values.count
    case .ints(let values): perEntry * values.count
    case .strings(let values): values.reduce(0) { $0 + $1.count + perEntry }
    case .tensors(let records): perEntry * records.count
    case .float, .int, .tensor, .graph, .graphs, .sparseTensor, .sparseTensors, .type, .types, .reference: perEntry
    }
  }
}
