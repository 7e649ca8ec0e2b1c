internal import ModelGraph

/// The numbers of TensorProto.DataType and what they are here.
struct DataType {
  let number: Int32

  /// The name in the ONNX specification, or the bare number.
  var name: String {
    let known = Self.names
    guard number >= 0, number < known.count else { return "data type \(number)" }
    return known[Int(number)]
  }

  private static let names = [
    "UNDEFINED", "FLOAT", "UINT8", "INT8", "UINT16", "INT16", "INT32", "INT64", "STRING", "BOOL", "FLOAT16", "DOUBLE",
    "UINT32", "UINT64", "COMPLEX64", "COMPLEX128", "BFLOAT16", "FLOAT8E4M3FN", "FLOAT8E4M3FNUZ", "FLOAT8E5M2",
    "FLOAT8E5M2FNUZ", "UINT4", "INT4", "FLOAT4E2M1", "FLOAT8E8M0", "UINT2", "INT2",
  ]

  /// The element type; nil where there is none for it.
  var elementType: ElementType? {
    switch number {
    case 1: .float32
    case 2: .uint8
    case 3: .int8
    case 4: .uint16
    case 5: .int16
    case 6: .int32
    case 7: .int64
    case 8: .string
    case 9: .bool
    case 10: .float16
    case 11: .float64
    case 12: .uint32
    case 13: .uint64
    case 16: .bfloat16
    case 22: .int4
    default: nil
    }
  }

  /// The element type.
  ///
  /// - Throws: `.malformed` for the number that stands for none; `.unsupported` for types that Ferry does not have.
  func requireElementType() throws(ModelError) -> ElementType {
    if let elementType { return elementType }
    if number == 0 { throw ModelError(.malformed, "the data type is undefined") }
    throw ModelError(.unsupported, "\(name) elements")
  }

  /// The field of TensorProto, beside `raw_data`, that holds elements of a type (onnx.proto, "TensorProto").
  static func typedField(of elementType: ElementType) -> TensorContent.Field? {
    switch elementType {
    case .float32: .floatData
    case .float64: .doubleData
    case .int64: .int64Data
    case .uint32, .uint64: .uint64Data
    case .int32, .int16, .int8, .int4, .uint16, .uint8, .bool, .float16, .bfloat16: .int32Data
    case .string: nil
    }
  }
}
