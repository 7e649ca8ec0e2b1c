import ArgumentParser
import Ferry

/// `ferry manual`: writes the pages for man(1), as `--generate-completion-script` writes what the shells read.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Write the manual pages.", shouldDisplay: false)

  @Option(name: [.short, .long], help: ArgumentHelp("The folder to write them to.", valueName: "folder"))
  var output: String

  func run() throws {
    for page in ManualPage.all(try CommandDescription.ferry()) {
      try AtomicFile.write(Array(page.text.utf8), to: "\(output)/\(page.name).1", replacing: true)
    }
  }
}
