/// Terminal sessions in Markdown, and whether a program still prints what they show.
enum TerminalSession {
  struct Step {
    let command: String
    let output: [String]
  }

  /// The steps of every fenced block that begins with `$ `.
  static func steps(inMarkdown text: String) -> [Step] {
    var steps: [Step] = []
    var isInBlock = false
    var block: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      guard line.hasPrefix("```") else {
        if isInBlock { block.append(line) }
        continue
      }
      if isInBlock { steps += Self.steps(inBlock: block) }
      isInBlock.toggle()
      block = []
    }
    return steps
  }

  private static func steps(inBlock lines: [String]) -> [Step] {
    guard lines.first?.hasPrefix("$ ") == true else { return [] }
    var steps: [Step] = []
    var command = ""
    var output: [String] = []
    for line in lines + ["$ "] {
      guard line.hasPrefix("$ ") else {
        output.append(line)
        continue
      }
      if !command.isEmpty { steps.append(Step(command: command, output: output)) }
      command = String(line.dropFirst(2))
      output = []
    }
    return steps
  }

  /// What differs first; nil where nothing does.
  static func mismatch(expected: [String], printed: String) -> String? {
    var lines = printed.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last?.isEmpty == true { lines.removeLast() }
    var position = 0
    for (index, line) in expected.enumerated() {
      if line == "…" {
        guard index + 1 < expected.count else { return nil }
        let next = lines[position...].firstIndex { isSame(expected[index + 1], $0) }
        guard let next else { return "nothing is like '\(expected[index + 1])'" }
        position = next
        continue
      }
      guard position < lines.count else { return "'\(line)' is missing" }
      guard isSame(line, lines[position]) else { return "'\(line)' is now '\(lines[position])'" }
      position += 1
    }
    return position < lines.count ? "'\(lines[position])' is new" : nil
  }

  private static func isSame(_ expected: String, _ printed: String) -> Bool {
    let parts = normalized(expected).split(separator: "…", omittingEmptySubsequences: false)
    var rest = Substring(normalized(printed))
    guard let first = parts.first, let last = parts.last, rest.hasPrefix(first) else { return false }
    guard parts.count > 1 else { return rest == first }
    rest = rest.dropFirst(first.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let range = rest.firstRange(of: part) else { return false }
      rest = rest[range.upperBound...]
    }
    return rest.hasSuffix(last)
  }

  /// Without what depends on the machine: times, and in a line with a number in scientific notation all that are no integers;
  /// and without the columns' widths.
  private static func normalized(_ line: String) -> String {
    let words = line.split(separator: " ").map { $0.allSatisfy { $0 == "─" } ? "─" : String($0) }
    func number(_ word: String) -> String? {
      let bare = word.hasSuffix(",") ? String(word.dropLast()) : word
      return Double(bare) == nil || Int(bare) != nil ? nil : bare
    }
    let isMeasured = words.contains { number($0)?.contains("e") == true }
    return words.enumerated().map { index, word in
      let unit = index + 1 < words.count ? words[index + 1] : ""
      let isTime = ["ms", "ms,", "µs", "runs/s"].contains(unit)
      return number(word) != nil && (isMeasured || isTime) ? "#" : word
    }.joined(separator: " ")
  }
}
