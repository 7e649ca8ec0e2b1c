/// Writes the macros of man(7), which every reader of manual pages knows (groff, mandoc).
struct Roff {
  private(set) var text = ""

  init(title: String, abstract: String, version: String) {
    line(".TH \(Self.escaped(title.uppercased())) 1 \"\" \"ferry \(version)\" \"Ferry\"")
    // Commands are pasted from a page: no hyphenation, no adjusted margin.
    line(".nh")
    line(".ad l")
    section("Name")
    let sentence = abstract.hasSuffix(".") ? String(abstract.dropLast()) : abstract
    line("\(Self.escaped(title)) \\- \(Self.escaped(sentence.prefix(1).lowercased() + sentence.dropFirst()))")
  }

  mutating func section(_ title: String) { line(".SH \(title.uppercased())") }

  /// A paragraph.
  mutating func text(_ paragraph: String) {
    line(".PP")
    line(Self.guarded(paragraph))
  }

  /// The command's words in bold, the rest as it is.
  mutating func synopsis(_ words: [String], rest: String) {
    line(".PP")
    line("\\fB\(Self.escaped(words.joined(separator: " ")))\\fR \(Self.escaped(rest))")
  }

  /// A term and what it means.
  mutating func entry(_ term: String, _ meaning: String) {
    line(".TP")
    line("\\fB\(Self.escaped(term))\\fR")
    line(Self.guarded(meaning))
  }

  mutating func argument(_ argument: ArgumentDescription) {
    let value = argument.valueName.map { "\\fI\(Self.escaped($0))\\fR" }
    let names = argument.names.map { "\\fB\(Self.escaped($0))\\fR" }.joined(separator: ", ")
    line(".TP")
    line([names, value ?? ""].filter { !$0.isEmpty }.joined(separator: " "))
    var sentences = [argument.abstract]
    if !argument.allValues.isEmpty { sentences.append("One of \(argument.allValues.joined(separator: ", ")).") }
    if let value = argument.defaultValue { sentences.append("Unstated: \(value).") }
    line(Self.guarded(sentences.filter { !$0.isEmpty }.joined(separator: " ")))
  }

  /// Lines that stand as they are.
  mutating func literal(_ lines: [String]) {
    line(".PP")
    line(".RS 4")
    line(".nf")
    for text in lines { line(Self.guarded(text)) }
    line(".fi")
    line(".RE")
  }

  private mutating func line(_ text: String) { self.text += text + "\n" }

  /// A line of text: one that begins with a full stop or an apostrophe would be read as a request.
  private static func guarded(_ text: String) -> String {
    text.hasPrefix(".") || text.hasPrefix("'") ? "\\&\(escaped(text))" : escaped(text)
  }

  /// A backslash begins an escape, and a bare minus is set as a hyphen, which no shell understands.
  private static func escaped(_ text: some StringProtocol) -> String {
    text.map { character in
      switch character {
      case "\\": "\\e"
      case "-": "\\-"
      default: String(character)
      }
    }.joined()
  }
}
