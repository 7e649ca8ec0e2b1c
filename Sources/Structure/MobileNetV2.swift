/// The architecture of a MobileNetV2: what its width, size and variant determine.
///
/// Source: arXiv:1801.04381, table 2; the variants' own code for rounding and padding (keras-applications mobilenet_v2.py,
/// torchvision mobilenetv2.py, TF-slim mobilenet_v2.py).
public struct MobileNetV2: Hashable, Sendable {
  /// Whose conventions the network follows.
  public enum Variant: String, Hashable, Sendable, CaseIterable {
    case keras, slim, torchvision

    /// ε of the batch norms.
    public var batchNormEpsilon: Float { self == .torchvision ? 1e-5 : 1e-3 }
  }

  /// What follows the last convolution.
  public enum Head: Hashable, Sendable {
    /// Global average pooling and a classifier; with or without a softmax behind it.
    case classifier(classes: Int, softmax: Bool)
    /// Global average pooling only: an embedding [N, 1280].
    case pooled
    /// Nothing: a feature map [N, H/32, W/32, 1280].
    case featureMap
  }

  /// One inverted residual.
  public struct Block: Hashable, Sendable {
    /// 0 … 16.
    public let index: Int
    /// t: expanded channels are t times the input's; a block with t = 1 has no expansion.
    public let expansion: Int
    public let inputChannels: Int
    public let outputChannels: Int
    public let stride: Int

    public var expandedChannels: Int { inputChannels * expansion }
    public var hasSkip: Bool { stride == 1 && inputChannels == outputChannels }
  }

  /// (t, c, n, s) of the seven stages: expansion, channels at width 1, number of blocks, stride of the first.
  public static let stages: [(expansion: Int, channels: Int, blocks: Int, stride: Int)] = [
    (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
  ]

  public var width: Double
  public var inputHeight: Int
  public var inputWidth: Int
  public var inputChannels: Int
  public var variant: Variant
  public var head: Head
  public var batchNormEpsilon: Float

  /// - Parameter batchNormEpsilon: nil takes the variant's own.
  public init(
    width: Double = 1, inputHeight: Int = 224, inputWidth: Int = 224, inputChannels: Int = 3, variant: Variant = .keras,
    head: Head = .classifier(classes: 1000, softmax: true), batchNormEpsilon: Float? = nil
  ) {
    self.width = width
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.inputChannels = inputChannels
    self.variant = variant
    self.head = head
    self.batchNormEpsilon = batchNormEpsilon ?? variant.batchNormEpsilon
  }

  /// The multiple of eight nearest to `value`, at least eight and not more than a tenth below it.
  ///
  /// n = max(8, ⌊(v + 4) / 8⌋ · 8); n + 8 where n < 0.9 · v.
  public static func rounded(_ value: Double) -> Int {
    let nearest = max(8, Int(value + 4) / 8 * 8)
    return Double(nearest) < 0.9 * value ? nearest + 8 : nearest
  }

  /// How a scaled channel count becomes an integer.
  public enum Rounding: String, Hashable, Sendable, CaseIterable {
    /// To a multiple of eight, see ``rounded(_:)``.
    case multipleOfEight
    /// Cut to an integer first, as Keras does; the published widths do not show it, 0.56 and 1.12 do.
    case cutThenMultipleOfEight
    /// Cut to an integer and left so: TF-slim's backbones of DeepLab below width 1.
    case cut

    /// The channels that `base` channels at width 1 become.
    public func channels(_ base: Int, width: Double) -> Int {
      let scaled = Double(base) * width
      return switch self {
      case .multipleOfEight: MobileNetV2.rounded(scaled)
      case .cutThenMultipleOfEight: MobileNetV2.rounded(scaled.rounded(.towardZero))
      case .cut: Int(scaled)
      }
    }

    /// The same for the stem, which Keras does not cut first.
    public func stemChannels(width: Double) -> Int {
      self == .cutThenMultipleOfEight ? MobileNetV2.rounded(32 * width) : channels(32, width: width)
    }
  }

  /// The channels that `base` channels at width 1 become in this variant.
  public static func channels(_ base: Int, width: Double, variant: Variant) -> Int {
    (variant == .keras ? Rounding.cutThenMultipleOfEight : .multipleOfEight).channels(base, width: width)
  }

  public var stemChannels: Int {
    // Keras rounds the stem without cutting first.
    Self.rounded(32 * width)
  }

  /// Channels of the last convolution: never fewer than 1280.
  public var lastChannels: Int { width > 1 ? Self.rounded(1280 * width) : 1280 }

  public var blocks: [Block] {
    var blocks: [Block] = []
    var channels = stemChannels
    for stage in Self.stages {
      let output = Self.channels(stage.channels, width: width, variant: variant)
      for repetition in 0..<stage.blocks {
        blocks.append(
          Block(
            index: blocks.count, expansion: stage.expansion, inputChannels: channels, outputChannels: output,
            stride: repetition == 0 ? stage.stride : 1))
        channels = output
      }
    }
    return blocks
  }
}
