import ArgumentParser
import Ferry

/// A command as the argument parser describes it: what the manual is made from.
struct CommandDescription {
  let name: String
  let abstract: String
  /// Paragraphs apart by empty lines; the lines of an example are indented.
  let discussion: String
  let arguments: [ArgumentDescription]
  let subcommands: [CommandDescription]

  /// `ferry` with everything in it that help shows.
  ///
  /// - Throws: `.internalFault` where the parser's description is not understood.
  static func ferry() throws(ModelError) -> CommandDescription {
    let dump = try JSONParser.parse(FerryCommand._dumpHelp())
    guard let command = dump.objectValue?["command"].flatMap(CommandDescription.init) else {
      throw ModelError(.internalFault, "the argument parser describes no command")
    }
    return command
  }

  private init?(_ json: JSONValue) {
    guard let members = json.objectValue, let name = members["commandName"]?.stringValue else { return nil }
    self.name = name
    abstract = members["abstract"]?.stringValue ?? ""
    discussion = members["discussion"]?.stringValue ?? ""
    arguments = (members["arguments"]?.arrayValue ?? []).compactMap(ArgumentDescription.init)
    subcommands = (members["subcommands"]?.arrayValue ?? []).compactMap { json in
      // The parser's own help is among them.
      let isShown = json.objectValue?["shouldDisplay"]?.boolValue ?? true
      return isShown ? CommandDescription(json).flatMap { $0.name == "help" ? nil : $0 } : nil
    }
  }
}
