/// Maximum or average over the whole map: [N, H, W, C] → [N, C], or [N, 1, 1, C] with `keepsAxes` (likewise channels first).
public struct GlobalPool: Operator {
  public static let name = "globalPool"

  public var kind: Pool2D.Kind
  public var keepsAxes: Bool
  public var layout: Layout

  public init(_ kind: Pool2D.Kind, keepsAxes: Bool, layout: Layout = .channelsLast) {
    self.kind = kind
    self.keepsAxes = keepsAxes
    self.layout = layout
  }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    let x = try inputs.type(0)
    let map = try inputs.dimensions(0, rank: 4, "the map")
    for axis in [layout.heightAxis, layout.widthAxis] where map[axis].fixedValue == 0 {
      throw ModelError(.malformed, "the map \(x.shape) is empty")
    }
    let channels = map[layout.channelAxis]
    let shape: Shape =
      keepsAxes ? layout.shape(batch: map[0], height: 1, width: 1, channels: channels) : [map[0], channels]
    return [TensorType(x.elementType, shape, quantization: x.quantization)]
  }
}
