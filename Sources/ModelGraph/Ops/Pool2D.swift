/// Maximum or average over windows.
///
/// Input: x [N, H, W, C] (or channels first). Averages divide by the elements inside the map, or by the whole window when
/// `countsPadding`; maxima ignore padding. ONNX AveragePool and MaxPool; TensorFlow Lite AVERAGE_POOL_2D and MAX_POOL_2D.
public struct Pool2D: Operator {
  public static let name = "pool2d"

  public enum Kind: String, Hashable, Sendable, CaseIterable { case average, maximum }

  public var kind: Kind
  public var kernel: Size2D
  public var strides: Size2D
  public var dilation: Size2D
  public var padding: Padding2D
  public var countsPadding: Bool
  /// Whether a last window that reaches beyond the padded map still counts (ONNX's ceil_mode).
  public var roundsUp: Bool
  public var layout: Layout
  public var outputClamp: ClampRange

  public init(
    _ kind: Kind, kernel: Size2D, strides: Size2D, dilation: Size2D = .one, padding: Padding2D = .none,
    countsPadding: Bool = false, roundsUp: Bool = false, layout: Layout = .channelsLast,
    outputClamp: ClampRange = .unbounded
  ) {
    self.kind = kind
    self.kernel = kernel
    self.strides = strides
    self.dilation = dilation
    self.padding = padding
    self.countsPadding = countsPadding
    self.roundsUp = roundsUp
    self.layout = layout
    self.outputClamp = outputClamp
  }

  public func outputTypes(_ inputs: OperatorInputs) throws(ModelError) -> [TensorType] {
    try inputs.expectCount(1...1)
    let x = try inputs.type(0)
    let map = try inputs.dimensions(0, rank: 4, "the map")
    if case .explicit(let insets) = padding { try insets.expectValid() }
    let extents = try padding.outputExtents(
      height: map[layout.heightAxis], width: map[layout.widthAxis], kernel: kernel, strides: strides,
      dilation: dilation, roundsUp: roundsUp)
    let shape = layout.shape(
      batch: map[0], height: extents.height, width: extents.width, channels: map[layout.channelAxis])
    return [TensorType(x.elementType, shape, quantization: x.quantization)]
  }
}
