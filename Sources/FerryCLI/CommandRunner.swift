import ArgumentParser
import Ferry

/// Parses the command line, executes the command, and turns whatever happens into an exit code.
enum CommandRunner {
  static func run(_ arguments: [String]) -> Int32 {
    do {
      return try execute(arguments)
    } catch let error as ModelError {
      // The output may be what failed: nothing more is said on it.
      Console.plain.error(error)
      return error.code.exitCode
    } catch {
      Console.plain.error(ModelError(.internalFault, "\(error)"))
      return ModelError.Code.internalFault.exitCode
    }
  }

  private static func execute(_ arguments: [String]) throws -> Int32 {
    var command: any ParsableCommand
    do {
      command = try parsed(arguments)
      if command is FerryCommand {
        Console.plain.message(FerryCommand.helpMessage())
        return ModelError.Code.usage.exitCode
      }
      guard let command = command as? any ModelCommand else {
        // The parser's own help, and the manual.
        try requireKnownTopics(arguments)
        try command.run()
        return 0
      }
      let console = Console(command.global)
      do throws(ModelError) {
        let verdict = try command.execute(console)
        console.endProgress()
        return verdict.exitCode
      } catch {
        console.endProgress()
        console.error(command.answerable(error))
        return error.code.exitCode
      }
    } catch let error as ModelError {
      throw error
    } catch {
      return try finish(error)
    }
  }

  /// The command with its arguments.
  ///
  /// A subcommand's name that stands first is looked up here, which spares the parser the look at all the others; whatever it has
  /// to say of arguments that do not fit, it says as the whole program's.
  private static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
    if let name = arguments.first,
      let type = FerryCommand.configuration.subcommands.first(where: { $0.configuration.commandName == name }),
      let command = try? type.parseAsRoot(Array(arguments.dropFirst())), command is any ModelCommand
    {
      return command
    }
    return try FerryCommand.parseAsRoot(arguments)
  }

  /// The parser's help answers for whatever it does not know with the overview, as if nothing were wrong.
  ///
  /// - Throws: `.usage` for `ferry help` of a command that does not exist.
  private static func requireKnownTopics(_ arguments: [String]) throws(ModelError) {
    guard arguments.first == "help" else { return }
    let known = FerryCommand.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    for topic in arguments.dropFirst() where !topic.hasPrefix("-") && !known.contains(topic) {
      throw ModelError(.usage, "there is no command '\(topic)'", hint: "the commands are shown by ferry --help")
    }
  }

  /// Help and version on the standard output; a usage error on the standard error.
  private static func finish(_ error: any Error) throws(ModelError) -> Int32 {
    let text = FerryCommand.fullMessage(for: error)
    guard FerryCommand.exitCode(for: error) != .success else {
      try Console.plain.data(text + "\n")
      return 0
    }
    let prefix = "Error: "
    let message = text.hasPrefix(prefix) ? "error: usage: " + text.dropFirst(prefix.count) : text
    Console.plain.message(message.escapingControlCharacters(keepingLineFeeds: true))
    return ModelError.Code.usage.exitCode
  }
}
