/// Examples of a command, as a part of its discussion.
enum CommandExamples {
  static let heading = "Examples:"

  /// Behind a discussion: an empty line, the heading, and the commands indented.
  static func text(_ commands: String...) -> String {
    (["", "", heading] + commands.map { "  \($0)" }).joined(separator: "\n")
  }
}
