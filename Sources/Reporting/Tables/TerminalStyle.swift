/// Emphasis for a terminal; plain text everywhere else.
public struct TerminalStyle: Sendable {
  private let isColored: Bool

  public init(isColored: Bool) { self.isColored = isColored }

  public static let plain = TerminalStyle(isColored: false)

  public func bold(_ text: String) -> String { styled(text, "1") }
  public func red(_ text: String) -> String { styled(text, "1;31") }
  public func green(_ text: String) -> String { styled(text, "32") }
  public func yellow(_ text: String) -> String { styled(text, "33") }

  private func styled(_ text: String, _ code: String) -> String {
    isColored ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
