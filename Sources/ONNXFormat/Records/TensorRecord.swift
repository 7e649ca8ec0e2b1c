/// A TensorProto without its content, which stays in the file.
struct TensorRecord: Sendable {
  var name = ""
  var dimensions: [Int64] = []
  var dataType: Int32?
  var strings: [[UInt8]] = []
  /// 0 or nil: the content lies in the message; 1: in another file.
  var dataLocation: Int32?
  var externalData: [EntryRecord] = []
  /// The index of its ``TensorContent`` among those that the pre-scan noted.
  var contentIndex = 0
}

/// A SparseTensorProto: some values of a tensor, and where they lie.
struct SparseTensorRecord: Sendable {
  var values: TensorRecord?
  var indices: TensorRecord?
  var dimensions: [Int64] = []
}
