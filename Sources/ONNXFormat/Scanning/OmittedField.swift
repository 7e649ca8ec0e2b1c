/// A field of ONNX that `Schemas/onnx.proto` leaves out, and what the pre-scan does with it.
enum OmittedField {
  /// Words for people, or key-value pairs without effect on the numbers: passed over.
  case documentation
  /// The content of a tensor: noted where it lies.
  case content(TensorContent.Field)
  /// Carries meaning that an import does not need to be right: reported.
  case reported(String)
  /// Carries meaning without which an import would be wrong: refused.
  case refused(String)

  /// What field `number` of `message` is; nil when ONNX does not define it (up to IR version 13).
  init?(message: String, number: UInt32) {
    switch (message, number) {
    case ("ModelProto", 6), ("GraphProto", 10), ("GraphProto", 16), ("NodeProto", 6), ("NodeProto", 9),
      ("AttributeProto", 13), ("TensorProto", 12), ("TensorProto", 16), ("ValueInfoProto", 3), ("ValueInfoProto", 4),
      ("FunctionProto", 8), ("FunctionProto", 14):
      self = .documentation
    case ("TensorProto", _) where TensorContent.Field(rawValue: number) != nil:
      self = TensorContent.Field(rawValue: number).map(OmittedField.content) ?? .documentation
    case ("TensorProto", 3): self = .refused("a tensor stored in segments")
    case ("ModelProto", 20): self = .reported("the training information (training_info) is left out")
    case ("ModelProto", 26): self = .reported("the device configuration (configuration) is left out")
    case ("NodeProto", 10): self = .reported("a node's device placement (device_configurations) is left out")
    case ("TypeProto", 4): self = .reported("a value of sequence type has no type here")
    case ("TypeProto", 5): self = .reported("a value of map type has no type here")
    case ("TypeProto", 7): self = .reported("a value of opaque type has no type here")
    case ("TypeProto", 8): self = .reported("a value of sparse tensor type has no type here")
    case ("TypeProto", 9): self = .reported("a value of optional type has no type here")
    default: return nil
    }
  }
}
