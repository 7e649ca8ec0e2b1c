public import Verification

/// How a model is verified.
public struct VerificationOptions: Sendable {
  public var tolerances: Tolerances
  /// Which execution is verified.
  public var candidate: VerificationResult.Candidate
  /// Against another model: whether layers are compared, or outputs only.
  public var comparesLayers: Bool
  /// Whether each layer is fed what the layers before it computed, instead of the reference's own values.
  public var isCumulative: Bool
  /// Whether to stop at the first tensor over its tolerance.
  public var failsFast: Bool
  /// The seed of random inputs.
  public var seed: UInt64

  public init(
    tolerances: Tolerances = .standard, candidate: VerificationResult.Candidate = .engine, comparesLayers: Bool = true,
    isCumulative: Bool = false, failsFast: Bool = false, seed: UInt64 = 1
  ) {
    self.tolerances = tolerances
    self.candidate = candidate
    self.comparesLayers = comparesLayers
    self.isCumulative = isCumulative
    self.failsFast = failsFast
    self.seed = seed
  }
}
