/// What a file that holds weights only cannot tell of its network.
public struct ArchitectureHints: Hashable, Sendable {
  /// Height and width of the input map; nil: 224.
  public var inputHeight: Int?
  public var inputWidth: Int?
  /// Whose padding, epsilon and head: `keras`, `slim` or `torchvision`; nil: `keras`.
  public var variant: String?
  /// ε of the batch norms; nil: the variant's own.
  public var batchNormEpsilon: Float?

  public init(
    inputHeight: Int? = nil, inputWidth: Int? = nil, variant: String? = nil, batchNormEpsilon: Float? = nil
  ) {
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.variant = variant
    self.batchNormEpsilon = batchNormEpsilon
  }
}
