public import ModelGraph

/// Whether a network is a MobileNetV2, and precisely where it is not.
///
/// Reads a graph at any stage and edits nothing. Severities: error — no MobileNetV2 has this; warning — differs from the
/// paper; note — worth knowing.
public struct MobileNetV2Check: Sendable {
  public let structure: InvertedResidualStructure
  /// In the order of the network, errors of the whole network first.
  public let findings: [Finding]
  /// Whether the network has the blocks of a MobileNetV2 at all, whatever single faults it has.
  public let isRecognized: Bool

  public init(of graph: Graph) {
    let structure = InvertedResidualStructure(of: graph)
    self.structure = structure
    var rules = MobileNetV2Rules(graph: graph, structure: structure)
    isRecognized = rules.recognize()
    if isRecognized { rules.inspect() }
    findings = rules.findings
  }

  /// No error was found.
  public var passes: Bool { !findings.contains { $0.severity == .error } }

  /// One line that says what the network is.
  public var verdict: String {
    guard isRecognized else { return "not a MobileNetV2" }
    let faults = findings.filter { $0.severity == .error }.count
    let name = "MobileNetV2 \(structure.width?.description ?? "of unknown width")"
    let size = structure.inputSize.map { "\($0.height)×\($0.width) input" } ?? "input of any size"
    let classes = structure.head?.classes.map { "\($0) classes" } ?? "no classifier"
    let summary = [name, size, classes, structure.variantDescription].joined(separator: ", ")
    return faults == 0 ? summary : "\(summary): \(faults) \(faults == 1 ? "error" : "errors")"
  }
}
