import ModelGraph

/// How a tensor's integers stand for real numbers: `real = scale · (integer − zeroPoint)`.
package struct QuantizationTable {
  /// The range seen while calibrating; information only.
  package var minimum: [Float]
  package var maximum: [Float]
  /// One scale for the tensor, or one for each slice along `dimension`. Empty: the table says nothing.
  package var scales: [Float]
  package var zeroPoints: [Int]
  /// The axis of the scales; without meaning where there is one scale.
  package var dimension: Int
  package var details: Details

  /// Ways to quantize beyond one axis.
  package enum Details {
    case none
    case custom(byteCount: Int)
    /// Scales and zero points lie in tensors (by number), one for each block.
    case blockwise(scales: Int, zeroPoints: Int, blockSize: Int, blockShape: [Int])
    case multiAxis(scales: Int, zeroPoints: Int, blockSize: Int, dimensions: [Int])
    case unknown(type: Int)
  }

  init(_ table: FlatTable, _ unknown: inout UnknownFields) throws(ModelError) {
    minimum = try table.floats(0) ?? []
    maximum = try table.floats(1) ?? []
    scales = try table.floats(2) ?? []
    zeroPoints = try table.integers(3, of: Int64.self) ?? []
    dimension = Int(try table.integer(6, default: 0 as Int32))
    let type = Int(try table.integer(4, default: 0 as UInt8))
    switch (type, try table.table(5)) {
    case (0, _): details = .none
    case (1, let row?):
      details = .custom(byteCount: try row.byteRange(0)?.count ?? 0)
    case (2, let row?):
      details = .blockwise(
        scales: Int(try row.integer(0, default: 0 as Int32)), zeroPoints: Int(try row.integer(1, default: 0 as Int32)),
        blockSize: Int(try row.integer(2, default: 0 as Int32)), blockShape: try row.integers(3, of: Int32.self) ?? [])
    case (3, let row?):
      details = .multiAxis(
        scales: Int(try row.integer(0, default: 0 as Int32)), zeroPoints: Int(try row.integer(1, default: 0 as Int32)),
        blockSize: Int(try row.integer(2, default: 0 as Int32)), dimensions: try row.integers(3, of: Int32.self) ?? [])
    default: details = .unknown(type: type)
    }
    try unknown.note(table, from: 7, in: "QuantizationParameters")
  }

  /// Whether the table is there and says nothing, as many writers leave it.
  package var isEmpty: Bool {
    guard case .none = details else { return false }
    return scales.isEmpty && zeroPoints.isEmpty
  }
}
