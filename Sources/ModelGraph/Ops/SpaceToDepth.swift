/// Moves blocks of `blockSize`² pixels into channels: [N, H, W, C] → [N, H/b, W/b, b²C]; output channel (row · b + column) · C + c.
public struct SpaceToDepth: Operator {
  public static let name = "spaceToDepth"

  public var blockSize: Int
  public var layout: Layout

  public init(blockSize: Int, layout: Layout = .channelsLast) {
    self.blockSize = blockSize
    self.layout = layout
  }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    let x = try inputs.type(0)
    let map = try inputs.dimensions(0, rank: 4, "the map")
    guard (1...4096).contains(blockSize) else { throw ModelError(.malformed, "a block size of \(blockSize)") }
    for axis in [layout.heightAxis, layout.widthAxis] {
      if let extent = map[axis].fixedValue, extent % blockSize != 0 {
        throw ModelError(.malformed, "\(x.shape) does not divide into blocks of \(blockSize)")
      }
    }
    return [
      x.with(
        shape: layout.shape(
          batch: map[0], height: map[layout.heightAxis].dividedRoundingDown(by: blockSize),
          width: map[layout.widthAxis].dividedRoundingDown(by: blockSize),
          channels: map[layout.channelAxis].multiplied(by: blockSize * blockSize)))
    ]
  }
}
