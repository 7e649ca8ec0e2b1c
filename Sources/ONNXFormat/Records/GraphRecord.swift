/// A GraphProto: the main graph, or the body of an attribute.
struct GraphRecord: Sendable {
  var name = ""
  var nodes: [NodeRecord] = []
  var initializers: [TensorRecord] = []
  var sparseInitializers: [SparseTensorRecord] = []
  var inputs: [ValueRecord] = []
  var outputs: [ValueRecord] = []
  var valueInfo: [ValueRecord] = []
  var quantizationAnnotations: [QuantizationAnnotationRecord] = []
}

/// A ValueInfoProto: the declared type of a value; nil where it is absent or no tensor's.
struct ValueRecord: Sendable {
  var name = ""
  var type: TypeRecord?
}

/// A TypeProto.Tensor.
struct TypeRecord: Sendable {
  enum Dimension: Hashable, Sendable {
    case value(Int64)
    case parameter(String)
    case absent
    /// Both a number and a name, which ONNX does not allow.
    case contradictory
  }

  var elementType: Int32?
  /// Nil where the rank is unknown.
  var dimensions: [Dimension]?
}

/// A TensorAnnotation: which tensors hold the scale and zero point of another.
struct QuantizationAnnotationRecord: Sendable {
  var tensorName = ""
  var parameterTensorNames: [EntryRecord] = []
}
