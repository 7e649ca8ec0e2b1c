/// A width multiplier as far as rounded channel counts tell it.
public struct WidthMultiplier: Hashable, Sendable {
  /// Every width in it gives the channels that were found, to a thousandth.
  public let interval: ClosedRange<Double>

  /// The widths for which checkpoints were published.
  public static let published = [0.35, 0.5, 0.75, 1.0, 1.3, 1.4]

  /// The published width in the interval; without one, its middle.
  public var nominal: Double {
    Self.published.first { interval.contains($0) } ?? (interval.lowerBound + interval.upperBound) / 2
  }

  public var isExact: Bool { Self.published.contains { interval.contains($0) } }

  /// The widths that explain most of the observed channels, and how many they explain.
  ///
  /// - Parameters:
  ///   - stem: channels of the first convolution; nil when there is none.
  ///   - outputs: output channels of the blocks, from the first.
  static func explaining(
    stem: Int?, outputs: [Int], rounding: MobileNetV2.Rounding
  ) -> (width: WidthMultiplier, explained: Int)? {
    let bases = MobileNetV2.stages.flatMap { stage in [Int](repeating: stage.channels, count: stage.blocks) }
    var best: (first: Int, last: Int, explained: Int)?
    // Widths in thousandths: the rounding's steps are far wider apart.
    for thousandths in 50...4000 {
      let width = Double(thousandths) / 1000
      var explained = stem == rounding.stemChannels(width: width) ? 1 : 0
      for (base, found) in zip(bases, outputs)
      where found == rounding.channels(base, width: width) {
        explained += 1
      }
      if let known = best, explained == known.explained, known.last == thousandths - 1 {
        best?.last = thousandths
      } else if explained > best?.explained ?? 0 {
        best = (thousandths, thousandths, explained)
      }
    }
    return best.map {
      (WidthMultiplier(interval: Double($0.first) / 1000...Double($0.last) / 1000), $0.explained)
    }
  }
}

extension WidthMultiplier: CustomStringConvertible {
  public var description: String {
    if isExact { return Self.text(nominal) }
    return interval.lowerBound == interval.upperBound
      ? Self.text(nominal) : "\(Self.text(interval.lowerBound))…\(Self.text(interval.upperBound))"
  }

  private static func text(_ width: Double) -> String {
    width == width.rounded() ? "\(width)" : "\((width * 1000).rounded() / 1000)"
  }
}
