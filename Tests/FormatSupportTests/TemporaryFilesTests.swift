import FormatSupport
import Glibc
import ModelGraph
import TestSupport
import Testing

/// What is left of an output when its process ends in the middle, in processes of their own.
@Suite struct TemporaryFilesTests {
  /// What is left in the folder whose path the process printed, which could not take the folder away itself.
  private static func entries(printedIn output: [UInt8]?) -> [String]? {
    let text = String(decoding: output ?? [], as: UTF8.self)
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("folder: ") }) else { return nil }
    let folder = String(line.dropFirst(8))
    defer { _ = ToolRun.run("rm", ["-r", folder]) }
    return ToolRun.run("ls", ["-A", folder]).outputText.split(separator: "\n").map(String.init)
  }

  @Test func aSignalTakesThemAlong() async throws {
    let result = await #expect(processExitsWith: .signal(SIGTERM), observing: [\.standardOutputContent]) {
      TemporaryFiles.removeOnSignals()
      let folder = TemporaryFolder()
      let first = try AtomicFile(path: folder.path("a"), replacing: false)
      let second = try AtomicFile(path: folder.path("b"), replacing: false)
      try first.write([1])
      try second.write([2])
      try second.commit()
      let third = try AtomicFile(path: folder.path("c"), replacing: false)
      #expect(folder.entries.count == 3)
      print("folder: \(folder.path)")
      fflush(nil)
      kill(getpid(), SIGTERM)
      withExtendedLifetime((first, third)) { _ = sleep(60) }
    }
    #expect(Self.entries(printedIn: result?.standardOutputContent) == ["b"])
  }

  @Test func aShrinkingFileTakesThemAlong() async throws {
    let result = await #expect(processExitsWith: .exitCode(74), observing: [\.standardOutputContent]) {
      let folder = TemporaryFolder()
      let source = folder.write([UInt8](repeating: 1, count: 100_000), to: "source")
      let file = try MappedFile(path: source)
      let output = try AtomicFile(path: folder.path("out"), replacing: false)
      try output.write([1])
      print("folder: \(folder.path)")
      fflush(nil)
      truncate(source, 10)
      try output.write([file.bytes[90_000]])
    }
    #expect(Self.entries(printedIn: result?.standardOutputContent) == ["source"])
  }

  /// A program that embeds Ferry keeps its signals as they are.
  @Test func nobodyElsesSignalsChange() async throws {
    await #expect(processExitsWith: .success) {
      func actions() -> [Bool] {
        [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU, SIGXFSZ].map { number in
          var action = sigaction()
          sigaction(number, nil, &action)
          return action.__sigaction_handler.sa_handler == nil
        }
      }
      let before = actions()
      let folder = TemporaryFolder()
      try AtomicFile.write([1], to: folder.path("a"), replacing: false)
      #expect(actions() == before)
      // Ignored ones, as nohup leaves them, stay ignored.
      signal(SIGHUP, SIG_IGN)
      TemporaryFiles.removeOnSignals()
      kill(getpid(), SIGHUP)
    }
  }
}
