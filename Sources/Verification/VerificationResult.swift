/// What a verification found.
public struct VerificationResult: Hashable, Sendable {
  /// Which execution was verified.
  public enum Candidate: String, Hashable, Sendable, CaseIterable {
    case engine
    case referenceInterpreter = "reference interpreter"
  }

  /// What gave the reference values, in words.
  public var reference: String
  public var candidate: Candidate
  /// The graph's outputs, computed from end to end.
  public var outputs: [TensorComparison]
  /// The layers in the order of the candidate's graph; empty where only outputs were compared.
  public var layers: [LayerComparison]
  /// Whether each layer was fed what the layers before it computed, instead of the reference's own values.
  public var isCumulative: Bool
  /// Nodes of the candidate whose outputs the source does not hold.
  public var unmatchedNodes: [String]
  /// Whether the comparison ended at the first layer that was over its tolerance.
  public var stoppedEarly: Bool

  public init(
    reference: String, candidate: Candidate, outputs: [TensorComparison], layers: [LayerComparison] = [],
    isCumulative: Bool = false, unmatchedNodes: [String] = [], stoppedEarly: Bool = false
  ) {
    self.reference = reference
    self.candidate = candidate
    self.outputs = outputs
    self.layers = layers
    self.isCumulative = isCumulative
    self.unmatchedNodes = unmatchedNodes
    self.stoppedEarly = stoppedEarly
  }

  /// The first layer, in the graph's order, that is over its tolerance.
  public var firstFailingLayer: LayerComparison? { layers.first { !$0.isWithin } }

  /// Whether something was compared, and all of it is within its tolerance.
  public var isPassed: Bool {
    !(outputs.isEmpty && layers.isEmpty) && outputs.allSatisfy(\.isWithin) && layers.allSatisfy(\.isWithin)
  }
}
