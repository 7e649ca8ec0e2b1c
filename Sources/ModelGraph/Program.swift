/// Everything that was read from one file.
public struct Program: Sendable {
  /// TFLite subgraphs, or the one graph of other formats; never empty.
  public private(set) var graphs: [Graph]
  /// Which of them runs when nothing else is said.
  public let main: Int
  public var signatures: [Signature]
  /// The format and its version, in words: `TFLite 3`, `ONNX IR 7, opset 13`, `Keras 2.15.0 HDF5`.
  public var source: String
  /// What the file says about itself: producer, description, minimum runtime.
  public var metadata: [String: String]
  /// What a reader of the summary should know.
  public var findings: [Finding]
  /// Parameters that the source counts and no node reads: how many samples a normalization has seen.
  public var auxiliaryParameters = ParameterCount()
  /// Numbers that an optimizer keeps beside the weights in order to go on training; no parameters, and never carried along.
  public var optimizerParameterCount = 0

  /// - Throws: `.malformed` when there is no graph, or `main` is none of them.
  public init(
    graphs: [Graph], main: Int = 0, signatures: [Signature] = [], source: String, metadata: [String: String] = [:],
    findings: [Finding] = []
  ) throws(ModelError) {
    guard graphs.indices.contains(main) else { throw ModelError(.malformed, "the model holds no graph") }
    self.graphs = graphs
    self.main = main
    self.signatures = signatures
    self.source = source
    self.metadata = metadata
    self.findings = findings
  }

  public var mainGraph: Graph { graphs[main] }

  /// The program with its main graph exchanged.
  public func with(mainGraph: Graph) -> Program {
    var program = self
    program.graphs[main] = mainGraph
    return program
  }
}
