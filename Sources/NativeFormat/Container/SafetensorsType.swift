import ModelGraph

/// The element types of safetensors files, under the names that stand in the header.
enum SafetensorsType: String {
  case float64 = "F64"
  case int64 = "I64"
  case uint64 = "U64"
  case float32 = "F32"
  case int32 = "I32"
  case uint32 = "U32"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case int16 = "I16"
  case uint16 = "U16"
  case int8 = "I8"
  case uint8 = "U8"
  case bool = "BOOL"

  /// Bytes of one element.
  var width: Int {
    switch self {
    case .float64, .int64, .uint64: 8
    case .float32, .int32, .uint32: 4
    case .float16, .bfloat16, .int16, .uint16: 2
    case .int8, .uint8, .bool: 1
    }
  }

  /// The type that holds elements of `type`; 4-bit integers lie in bytes, two in each. Nil for strings.
  init?(holding type: ElementType) {
    switch type {
    case .float32: self = .float32
    case .float16: self = .float16
    case .bfloat16: self = .bfloat16
    case .float64: self = .float64
    case .int4, .uint8: self = .uint8
    case .int8: self = .int8
    case .int16: self = .int16
    case .uint16: self = .uint16
    case .int32: self = .int32
    case .uint32: self = .uint32
    case .int64: self = .int64
    case .uint64: self = .uint64
    case .bool: self = .bool
    case .string: return nil
    }
  }
}
