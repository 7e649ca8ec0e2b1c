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
}
