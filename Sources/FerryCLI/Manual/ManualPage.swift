/// A page of the manual in the macros of man(7).
struct ManualPage {
  /// `ferry`, or `ferry-convert`: the page's name without its section.
  let name: String
  let text: String

  /// The page of `ferry` and one for each of its commands.
  static func all(_ ferry: CommandDescription) -> [ManualPage] {
    [ManualPage(of: ferry)] + ferry.subcommands.map { ManualPage(of: $0, in: ferry) }
  }

  /// The page of the whole program.
  private init(of ferry: CommandDescription) {
    var roff = Roff(title: ferry.name, abstract: ferry.abstract, version: FerryCommand.version)
    roff.section("Synopsis")
    roff.synopsis([ferry.name], rest: "[--version] [--help] <command> [<options>]")
    roff.section("Description")
    roff.text(ferry.abstract)
    // The exit codes stand in a section of their own.
    roff.section("Commands")
    for command in ferry.subcommands {
      roff.entry("\(ferry.name)-\(command.name)(1)", command.abstract)
    }
    roff.section("Options")
    for argument in ferry.arguments { roff.argument(argument) }
    roff.section("Exit status")
    for status in ExitStatus.all { roff.entry("\(status.code)", status.meaning.sentence) }
    roff.section("Environment")
    for variable in Self.environment { roff.entry(variable.name, variable.meaning) }
    roff.section("See also")
    roff.text(ferry.subcommands.map { "\(ferry.name)-\($0.name)(1)" }.joined(separator: ", "))
    name = ferry.name
    text = roff.text
  }

  private init(of command: CommandDescription, in ferry: CommandDescription) {
    name = "\(ferry.name)-\(command.name)"
    var roff = Roff(title: name, abstract: command.abstract, version: FerryCommand.version)
    let positional = command.arguments.filter(\.isPositional)
    let options = command.arguments.filter { !$0.isPositional }
    roff.section("Synopsis")
    let required = options.filter { !$0.isOptional }
    let words =
      positional.map { "<\($0.valueName ?? "")>\($0.isRepeating ? " …" : "")" }
      + required.map { "\($0.names.last ?? "") <\($0.valueName ?? "")>" } + ["[<options>]"]
    roff.synopsis([ferry.name, command.name], rest: words.joined(separator: " "))
    roff.section("Description")
    roff.text(command.abstract)
    let (paragraphs, examples) = Self.split(command.discussion)
    for paragraph in paragraphs { roff.text(paragraph) }
    roff.section("Options")
    for argument in positional + options { roff.argument(argument) }
    if !examples.isEmpty {
      roff.section("Examples")
      roff.literal(examples)
    }
    roff.section("Exit status")
    roff.text(
      "As of \(ferry.name)(1): 0 when everything was done, 1 when a verification, a check or an assertion failed.")
    roff.section("See also")
    roff.text("\(ferry.name)(1)")
    text = roff.text
  }

  /// A discussion's paragraphs, and the indented lines of its examples.
  private static func split(_ discussion: String) -> (paragraphs: [String], examples: [String]) {
    var paragraphs: [String] = []
    var examples: [String] = []
    var isOpen = false
    for line in discussion.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("  ") {
        examples.append(String(line.dropFirst(2)))
        isOpen = false
      } else if line.isEmpty || line == CommandExamples.heading {
        isOpen = false
      } else if isOpen, let last = paragraphs.popLast() {
        paragraphs.append("\(last) \(line)")
      } else {
        paragraphs.append(String(line))
        isOpen = true
      }
    }
    return (paragraphs, examples)
  }

  private static let environment: [(name: String, meaning: String)] = [
    (
      "FERRY_HDF5_READER",
      "The program that reads HDF5 files, where it is not the ferry-hdf5-reader beside ferry itself."
    ),
    ("NO_COLOR", "Any value that is not empty turns colour off. There is colour on a terminal only."),
    ("TERM", "The value dumb turns colour off."),
  ]
}

extension String {
  /// With a capital letter and a full stop.
  fileprivate var sentence: String { prefix(1).uppercased() + dropFirst() + "." }
}
