import Ferry
import ModelGraph
import TestSupport
import Testing

@Suite struct LabelsFileTests {
  private let folder = TemporaryFolder()

  private func labels(_ text: String) throws -> [String] {
    try LabelsFile.read(path: folder.write(Array(text.utf8), to: "labels.txt"))
  }

  @Test(arguments: ["a\nb\nc", "a\nb\nc\n", "a\r\nb\r\nc\r\n", "a\r\nb\nc\r\n", "\u{FEFF}a\r\nb\nc", "a\nb\nc\n\n\r\n"])
  func lineEndsOfEveryKind(text: String) throws {
    #expect(try labels(text) == ["a", "b", "c"])
  }

  @Test func onlyWholeLinesAreLabels() throws {
    #expect(try labels("a\n\u{301}b\n") == ["a", "\u{301}b"])
    #expect(try labels("a b\n\nc") == ["a b", "", "c"])
  }

  @Test(arguments: ["", "\n", "\r\n\n", "\u{FEFF}"])
  func aFileWithoutLabelsIsRefused(text: String) {
    let error = #expect(throws: ModelError.self) { try labels(text) }
    #expect(error?.code == .malformed && error?.message.contains("no label") == true)
  }
}
