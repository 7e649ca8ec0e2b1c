/// A node as the source file knows it.
public struct SourceNode: Hashable, Sendable {
  /// The name in the file; may be empty, may repeat.
  public var name: String
  /// The operator in the file's words: `CONV_2D`, `Conv`, `DepthwiseConv2D`.
  public var operatorName: String
  /// The position in the file.
  public var index: Int?
  /// The models in the file that hold the node, outermost first; empty where the format nests none.
  public var scope: [String]

  public init(name: String, operatorName: String, index: Int? = nil, scope: [String] = []) {
    self.scope = scope
    self.name = name
    self.operatorName = operatorName
    self.index = index
  }

  /// The node in an error's context.
  public var frame: ContextFrame { .node(name: name, operator: operatorName, index: index) }
}

extension SourceNode: CustomStringConvertible {
  public var description: String { "'\(name)' (\(operatorName)\(index.map { ", #\($0)" } ?? ""))" }
}
