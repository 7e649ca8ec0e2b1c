internal import COnnx

/// What the generated code knows of one message: its fields, and the memory that an unpacked one takes.
///
/// Read from protobuf-c's own descriptors, so that the pre-scan and the unpacking can never disagree.
struct MessageLayout: Sendable {
  struct Field: Sendable {
    enum Kind: Sendable {
      case int32, int64, uint32, float, string, bytes
      /// The message of that index in ``MessageLayout/all``.
      case message(Int)
    }

    let number: UInt32
    let name: String
    let kind: Kind
    let isRepeated: Bool
  }

  /// The name without the package: `NodeProto`, `TypeProto.Tensor`.
  let name: String
  let structureByteCount: Int
  let fields: [UInt32: Field]

  /// Every message that a model or a tensor can hold.
  static let all: [MessageLayout] = readAll()
  static let modelIndex = index(of: "ModelProto")
  static let tensorIndex = index(of: "TensorProto")

  private static func index(of name: String) -> Int { all.firstIndex { $0.name == name } ?? 0 }

  private static func readAll() -> [MessageLayout] {
    var pending: [UnsafePointer<ProtobufCMessageDescriptor>] = []
    for root in [ferry_onnx_model_descriptor(), ferry_onnx_tensor_descriptor()] {
      if let root, !pending.contains(root) { pending.append(root) }
    }
    var layouts: [MessageLayout] = []
    // The list grows while it is walked: messages take the index at which they were first met.
    while layouts.count < pending.count {
      let descriptor = pending[layouts.count].pointee
      var fields: [UInt32: Field] = [:]
      for position in 0..<Int(descriptor.n_fields) {
        let field = descriptor.fields[position]
        guard let kind = kind(of: field, pending: &pending) else { continue }
        fields[field.id] = Field(
          number: field.id, name: String(cString: field.name), kind: kind,
          isRepeated: field.label == PROTOBUF_C_LABEL_REPEATED)
      }
      let name = String(cString: descriptor.name)
      layouts.append(
        MessageLayout(
          name: String(name.drop { $0 != "." }.dropFirst()), structureByteCount: descriptor.sizeof_message,
          fields: fields))
    }
    return layouts
  }

  private static func kind(
    of field: ProtobufCFieldDescriptor, pending: inout [UnsafePointer<ProtobufCMessageDescriptor>]
  ) -> Field.Kind? {
    switch field.type {
    case PROTOBUF_C_TYPE_INT32: return .int32
    case PROTOBUF_C_TYPE_INT64: return .int64
    case PROTOBUF_C_TYPE_UINT32: return .uint32
    case PROTOBUF_C_TYPE_FLOAT: return .float
    case PROTOBUF_C_TYPE_STRING: return .string
    case PROTOBUF_C_TYPE_BYTES: return .bytes
    case PROTOBUF_C_TYPE_MESSAGE:
      guard let inner = field.descriptor?.assumingMemoryBound(to: ProtobufCMessageDescriptor.self) else { return nil }
      if let index = pending.firstIndex(of: inner) { return .message(index) }
      pending.append(inner)
      return .message(pending.count - 1)
    default: return nil
    }
  }
}
