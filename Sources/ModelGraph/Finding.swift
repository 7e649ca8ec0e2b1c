/// Something that a reader of the report should know, though it is no error of reading.
public struct Finding: Hashable, Sendable {
  public enum Severity: String, Hashable, Sendable, CaseIterable, Comparable {
    case note, warning, error

    public static func < (left: Severity, right: Severity) -> Bool {
      allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
    }
  }

  public var severity: Severity
  /// A stable identifier in kebab case, for tests and filters.
  public var code: String
  public var message: String
  /// The source nodes that it is about.
  public var nodes: [SourceNode]
  /// What to do about it.
  public var fix: String?

  public init(
    _ severity: Severity, code: String, _ message: String, nodes: [SourceNode] = [], fix: String? = nil
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.nodes = nodes
    self.fix = fix
  }
}
