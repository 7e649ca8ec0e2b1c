/// Where the channels of a four-dimensional map stand.
public enum Layout: String, Hashable, Sendable, CaseIterable {
  /// [N, H, W, C]
  case channelsLast
  /// [N, C, H, W]
  case channelsFirst

  public var heightAxis: Int { self == .channelsLast ? 1 : 2 }
  public var widthAxis: Int { self == .channelsLast ? 2 : 3 }
  public var channelAxis: Int { self == .channelsLast ? 3 : 1 }

  /// A shape in this layout.
  public func shape(
    batch: Dimension, height: Dimension, width: Dimension, channels: Dimension
  ) -> Shape {
    self == .channelsLast ? [batch, height, width, channels] : [batch, channels, height, width]
  }

  /// `permutation[i]` is the channels-first axis that becomes channels-last axis `i`.
  public static let firstToLast = [0, 2, 3, 1]
  /// `permutation[i]` is the channels-last axis that becomes channels-first axis `i`.
  public static let lastToFirst = [0, 3, 1, 2]
}
