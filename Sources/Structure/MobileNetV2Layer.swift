/// A layer of a ``MobileNetV2`` that has parameters.
public enum MobileNetV2Layer: Hashable, Sendable {
  case stem
  case expand(block: Int)
  case depthwise(block: Int)
  case project(block: Int)
  /// The 1×1 convolution behind the last block.
  case last
  case classifier

  /// The name that Keras gives the layer (`Conv1`, `block_3_depthwise`, …, `predictions`).
  public var kerasName: String {
    switch self {
    case .stem: "Conv1"
    case .expand(let block): "\(Self.prefix(block))expand"
    case .depthwise(let block): "\(Self.prefix(block))depthwise"
    case .project(let block): "\(Self.prefix(block))project"
    case .last: "Conv_1"
    case .classifier: "predictions"
    }
  }

  /// The name of the batch norm behind the layer, as Keras has it.
  public var kerasBatchNormName: String { self == .stem ? "bn_Conv1" : "\(kerasName)_\(self == .last ? "bn" : "BN")" }

  static func prefix(_ block: Int) -> String { block == 0 ? "expanded_conv_" : "block_\(block)_" }

  /// One tensor of a layer and of the batch norm behind it.
  public enum Parameter: String, Hashable, Sendable, CaseIterable {
    /// [kh, kw, I, O], or [kh, kw, I, 1] for a depthwise layer, or [I, O] for the classifier.
    case kernel
    /// [O]; only the classifier has one.
    case bias
    /// [O]
    case gamma, beta, movingMean, movingVariance

    /// Whether training changes it by gradient.
    public var isTrainable: Bool { self != .movingMean && self != .movingVariance }
  }
}
