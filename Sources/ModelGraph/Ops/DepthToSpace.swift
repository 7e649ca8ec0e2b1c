/// Moves channels into blocks of `blockSize`² pixels: [N, H, W, b²C] → [N, Hb, Wb, C].
public struct DepthToSpace: Operator {
  public static let name = "depthToSpace"

  /// How an input channel is read.
  public enum Order: String, Hashable, Sendable, CaseIterable {
    /// (row · b + column) · C + c: ONNX's DCR, TensorFlow's.
    case blockFirst
    /// (c · b + row) · b + column: ONNX's CRD, PyTorch's pixel shuffle.
    case channelFirst
  }

  public var blockSize: Int
  public var order: Order
  public var layout: Layout

  public init(blockSize: Int, order: Order = .blockFirst, layout: Layout = .channelsLast) {
    self.blockSize = blockSize
    self.order = order
    self.layout = layout
  }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    let x = try inputs.type(0)
    let map = try inputs.dimensions(0, rank: 4, "the map")
    guard (1...4096).contains(blockSize) else { throw ModelError(.malformed, "a block size of \(blockSize)") }
    if let channels = map[layout.channelAxis].fixedValue, channels % (blockSize * blockSize) != 0 {
      throw ModelError(.malformed, "\(channels) channels do not make blocks of \(blockSize)")
    }
    return [
      x.with(
        shape: layout.shape(
          batch: map[0], height: map[layout.heightAxis].multiplied(by: blockSize),
          width: map[layout.widthAxis].multiplied(by: blockSize),
          channels: map[layout.channelAxis].dividedRoundingDown(by: blockSize * blockSize)))
    ]
  }
}
