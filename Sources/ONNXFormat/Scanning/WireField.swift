/// One field as it stands in a protobuf message.
struct WireField {
  /// The field's value, by wire type. Ranges are byte offsets in the file.
  enum Value {
    case varint(UInt64)
    case fixed64(Range<Int>)
    case bytes(Range<Int>)
    case fixed32(Range<Int>)
  }

  let number: UInt32
  let value: Value
  /// Where the field's tag begins.
  let offset: Int
}
