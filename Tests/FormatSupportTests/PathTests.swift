import FormatSupport
import ModelGraph
import TestSupport
import Testing

/// A mark that joins the slash before it, as Swift counts characters.
@Suite struct PathTests {
  private static let mark = "\u{301}"

  @Test func partsEndAtEverySlash() {
    #expect("../\(Self.mark)a".pathParts == ["..", "\(Self.mark)a"])
    #expect("/a//b/".pathParts == ["", "a", "", "b", ""])
    #expect("".pathParts == [""])
  }

  @Test func foldersEndAtTheLastSlash() {
    #expect("a".pathFolder == ".")
    #expect("/a".pathFolder == "/")
    #expect("/\(Self.mark)a".pathFolder == "/")
    #expect("x/y/\(Self.mark)a".pathFolder == "x/y")
  }

  @Test func aMappedFileHasItsOwnName() throws {
    let folder = TemporaryFolder()
    let file = try MappedFile(path: folder.write([1], to: "\(Self.mark)a.bin"))
    #expect(Array(file.name.utf8) == Array("\(Self.mark)a.bin".utf8))
  }

  /// In the folder that the output goes to, not in the one above it.
  @Test func temporaryFilesLieBesideTheirOutput() throws {
    let folder = TemporaryFolder()
    let file = try AtomicFile(path: folder.path("\(Self.mark)out"), replacing: false)
    try file.write([1])
    #expect(folder.entries.count == 1)
    try file.commit()
    #expect(TemporaryFolder.bytes(of: folder.path("\(Self.mark)out")) == [1])
    #expect(throws: ModelError.self) { try AtomicFile.check(path: folder.path("no/\(Self.mark)out"), replacing: false) }
  }
}
