/// Where the content of one TensorProto lies in the file, noted by the pre-scan.
struct TensorContent: Sendable {
  /// The fields that can hold the content, under their numbers in TensorProto.
  enum Field: UInt32, CaseIterable, Sendable {
    case floatData = 4
    case int32Data = 5
    case int64Data = 7
    case rawData = 9
    case doubleData = 10
    case uint64Data = 11

    /// The name in the ONNX specification.
    var name: String {
      switch self {
      case .floatData: "float_data"
      case .int32Data: "int32_data"
      case .int64Data: "int64_data"
      case .rawData: "raw_data"
      case .doubleData: "double_data"
      case .uint64Data: "uint64_data"
      }
    }
  }

  /// What is known of one of the fields.
  struct Extent: Sendable {
    /// The bytes of the first occurrence; of a packed field or raw bytes, all of it where `pieceCount` is 1.
    let first: Range<Int>
    let isPacked: Bool
    var pieceCount: Int
    var byteCount: Int
  }

  /// The bytes of the TensorProto itself.
  let message: Range<Int>
  private(set) var extents: [Field: Extent] = [:]

  init(message: Range<Int>) { self.message = message }

  mutating func note(_ field: Field, _ range: Range<Int>, isPacked: Bool) {
    if extents[field] == nil {
      extents[field] = Extent(first: range, isPacked: isPacked, pieceCount: 1, byteCount: range.count)
    } else {
      extents[field]?.pieceCount += 1
      // Pieces lie side by side in one file, so their sum cannot overflow.
      extents[field]?.byteCount += range.count
    }
  }

  /// The fields that hold at least one byte.
  var filledFields: [Field] { Field.allCases.filter { (extents[$0]?.byteCount ?? 0) > 0 } }
}
