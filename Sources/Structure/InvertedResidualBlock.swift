public import ModelGraph

/// Expansion, depthwise convolution and projection, as found in a graph.
public struct InvertedResidualBlock: Hashable, Sendable {
  /// How the block's result and its input come together.
  public enum Skip: Hashable, Sendable {
    case none
    /// The addition of the block's input.
    case input(NodeID)
    /// An addition of something that is not the block's input.
    case other(NodeID)
  }

  /// Position among the blocks of the network, from 0.
  public let index: Int
  /// Nil for a block with expansion factor one.
  public let expand: ConvolutionLayer?
  /// The spatial convolution; depthwise in a real inverted residual.
  public let depthwise: ConvolutionLayer
  public let project: ConvolutionLayer
  public let skip: Skip
  /// The activation behind the addition, if there is one.
  public let sumActivation: LayerActivation
  /// What enters the block.
  public let input: ValueID
  /// What leaves it: the sum where there is a skip, the projection where not.
  public let output: ValueID

  public var inputChannels: Int { expand?.inputChannels ?? depthwise.inputChannels }
  public var expandedChannels: Int { depthwise.inputChannels }
  public var outputChannels: Int { project.outputChannels }
  public var stride: Int { depthwise.strides.height }
  public var dilation: Int { depthwise.dilation.height }

  /// Expanded channels over input channels; nil when that is no whole number.
  public var expansion: Int? {
    inputChannels > 0 && expandedChannels % inputChannels == 0 ? expandedChannels / inputChannels : nil
  }

  /// All nodes of the block, in order.
  public var nodes: [NodeID] {
    var nodes = (expand?.nodes ?? []) + depthwise.nodes + project.nodes
    switch skip {
    case .none: break
    case .input(let addition), .other(let addition): nodes.append(addition)
    }
    return nodes
  }
}
