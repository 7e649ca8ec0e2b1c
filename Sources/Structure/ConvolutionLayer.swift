public import ModelGraph

/// A convolution with everything that belongs to it: paddings before it, batch norm and activation behind it.
public struct ConvolutionLayer: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable {
    case dense, depthwise, grouped
  }

  /// The convolution itself.
  public let node: NodeID
  public let kind: Kind
  public let groups: Int
  public let kernel: Size2D
  public let strides: Size2D
  public let dilation: Size2D
  public let inputChannels: Int
  public let outputChannels: Int
  /// Rows and columns of padding from nodes and attribute together; nil where the map's size must be known and is not.
  public let padding: EdgeInsets?
  /// Whether a node of its own pads.
  public let hasPaddingNode: Bool
  /// Whether the convolution itself says SAME.
  public let padsSame: Bool
  /// Height and width of the map that is read, before padding; nil when open.
  public let inputSize: Size2D?
  public let batchNorm: NodeID?
  public let batchNormEpsilon: Float?
  public let activation: LayerActivation
  /// What the layer reads, before paddings; values that only change their representation are looked through.
  public let input: ValueID
  /// What the layer hands on, behind batch norm and activation, looked through likewise.
  public let output: ValueID
  /// All nodes of the layer, in order.
  public let nodes: [NodeID]

  /// Whether it is a 1×1 convolution over all channels.
  public var isPointwise: Bool { kind == .dense && kernel == .one }
}
