/// How far a tensor lies from its reference.
///
/// Elements that are NaN on both sides, or the same infinity on both sides, are equal. An element that is NaN or infinite on
/// one side only makes the differences infinite; it is left out of the cosine and of the signal-to-noise ratio, which would
/// otherwise say nothing about the rest.
public struct ComparisonMetrics: Hashable, Sendable {
  public var elementCount: Int
  /// max |a − b|
  public var maximumAbsolute: Double
  /// Σ |a − b| / n
  public var meanAbsolute: Double
  /// √(Σ (a − b)² / n)
  public var rootMeanSquare: Double
  /// Σ a·b / √(Σ a² · Σ b²); one where both are zero everywhere, zero where only one is.
  public var cosineSimilarity: Double
  /// 10 · log₁₀(Σ b² / Σ (a − b)²) in decibels; infinite where nothing differs.
  public var signalToNoise: Double
  /// The largest finite |b|.
  public var largestReference: Double
  /// Row-major index of the largest difference; nil where nothing differs.
  public var worstIndex: Int?
  /// The element there.
  public var worstValue: Double
  public var worstReference: Double
  /// Elements that are NaN or an infinity on one side only, or different infinities.
  public var nonFiniteMismatches: Int
  /// The share of rows (all axes but the last) whose largest element stands at the same index; nil for rows of one element.
  public var top1Agreement: Double?
  /// The share of the reference's five largest indices that are among the other's five largest; nil for rows of at most five.
  public var top5Agreement: Double?

  /// ``maximumAbsolute`` as a share of ``largestReference``.
  public var relativeToLargest: Double {
    maximumAbsolute == 0 ? 0 : maximumAbsolute / largestReference
  }
}
