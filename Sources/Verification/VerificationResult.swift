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
  /// Outputs of the candidate that nothing is stored for.
  public var outputsWithoutReference: [String]
  /// Which outputs of another model were compared with which; nil beside stored outputs.
  public var pairing: SignaturePairing?
  /// The layers in the order of the candidate's graph; empty where only outputs were compared.
  public var layers: [LayerComparison]
  /// Whether each layer was fed what the layers before it computed, instead of the reference's own values.
  public var isCumulative: Bool
  /// Nodes of the candidate whose outputs the source does not hold.
  public var unmatchedNodes: [String]
  /// Those of them that have parameters which no comparison answers for.
  public var uncomparedNodes: [String]
  /// Whether the comparison ended at the first layer that was over its tolerance.
  public var stoppedEarly: Bool

  public init(
    reference: String, candidate: Candidate, outputs: [TensorComparison], layers: [LayerComparison] = [],
    isCumulative: Bool = false, unmatchedNodes: [String] = [], uncomparedNodes: [String] = [],
    stoppedEarly: Bool = false, outputsWithoutReference: [String] = [], pairing: SignaturePairing? = nil
  ) {
    self.reference = reference
    self.candidate = candidate
    self.outputs = outputs
    self.layers = layers
    self.isCumulative = isCumulative
    self.unmatchedNodes = unmatchedNodes
    self.uncomparedNodes = uncomparedNodes
    self.stoppedEarly = stoppedEarly
    self.outputsWithoutReference = outputsWithoutReference
    self.pairing = pairing
  }

  /// The first layer, in the graph's order, that is over its tolerance.
  public var firstFailingLayer: LayerComparison? { layers.first { !$0.isWithin } }

  /// What is said of all of it together.
  public enum Verdict: String, Hashable, Sendable, CaseIterable {
    /// Everything was compared, and is within its tolerance.
    case passed
    /// What was compared is within its tolerance, but nothing or not every node with parameters was compared.
    case incomplete
    /// Something is over its tolerance.
    case failed
  }

  public var verdict: Verdict {
    guard outputs.allSatisfy(\.isWithin), layers.allSatisfy(\.isWithin) else { return .failed }
    return (outputs.isEmpty && layers.isEmpty) || !uncomparedNodes.isEmpty ? .incomplete : .passed
  }

  public var isPassed: Bool { verdict == .passed }
}
