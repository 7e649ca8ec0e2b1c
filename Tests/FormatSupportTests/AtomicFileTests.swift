import FormatSupport
import Glibc
import ModelGraph
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  let folder = TemporaryFolder()

  @Test func appearsComplete() throws {
    let path = folder.path("out.bin")
    let file = try AtomicFile(path: path, replacing: false)
    try file.write([1, 2])
    try file.write([3])
    #expect(TemporaryFolder.bytes(of: path) == nil)
    try file.commit()
    #expect(TemporaryFolder.bytes(of: path) == [1, 2, 3])
    #expect(folder.entries == ["out.bin"])
    var status = stat()
    #expect(stat(path, &status) == 0)
    let mask = umask(0)
    umask(mask)
    #expect(status.st_mode & 0o777 == 0o666 & ~mask)
  }

  @Test func whatWasLeftOutIsFilledLast() throws {
    let path = folder.path("out.bin")
    let file = try AtomicFile(path: path, replacing: false)
    file.reserve(3)
    try file.write([4, 5])
    try file.write([6])
    try file.fill([1, 2, 3], at: 0)
    try file.commit()
    #expect(TemporaryFolder.bytes(of: path) == [1, 2, 3, 4, 5, 6])
    #expect(throws: ModelError.self) { try file.fill([1], at: 0) }
  }

  @Test func leavesNothingWithoutCommit() throws {
    do {
      let file = try AtomicFile(path: folder.path("out"), replacing: false)
      try file.write([1])
      #expect(folder.entries.count == 1)
    }
    #expect(folder.entries.isEmpty)
    let file = try AtomicFile(path: folder.path("out"), replacing: false)
    file.abandon()
    #expect(folder.entries.isEmpty)
    #expect(throws: ModelError.self) { try file.write([1]) }
    #expect(throws: ModelError.self) { try file.commit() }
  }

  @Test func replacesOnlyWhenAsked() throws {
    let path = folder.write([9], to: "out")
    chmod(path, 0o640)
    let checkError = #expect(throws: ModelError.self) { try AtomicFile.check(path: path, replacing: false) }
    #expect(checkError?.code == .cannotCreate)
    let error = #expect(throws: ModelError.self) { try AtomicFile.write([1], to: path, replacing: false) }
    #expect(error?.code == .cannotCreate)
    #expect(TemporaryFolder.bytes(of: path) == [9])
    try AtomicFile.check(path: path, replacing: true)
    try AtomicFile.write([1], to: path, replacing: true)
    #expect(TemporaryFolder.bytes(of: path) == [1])
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o640)
    #expect(folder.entries == ["out"])
  }

  @Test func neverReplacesAFileThatAppearsMeanwhile() throws {
    let path = folder.path("out")
    let file = try AtomicFile(path: path, replacing: false)
    try file.write([1])
    folder.write([9], to: "out")
    let error = #expect(throws: ModelError.self) { try file.commit() }
    #expect(error?.code == .cannotCreate)
    #expect(TemporaryFolder.bytes(of: path) == [9])
    #expect(folder.entries == ["out"])
  }

  @Test func followsALinkItReplaces() throws {
    folder.write([9], to: "real")
    #expect(symlink("real", folder.path("link")) == 0)
    #expect(throws: ModelError.self) { try AtomicFile.write([1], to: folder.path("link"), replacing: false) }
    try AtomicFile.write([1], to: folder.path("link"), replacing: true)
    #expect(TemporaryFolder.bytes(of: folder.path("real")) == [1])
    var status = stat()
    #expect(lstat(folder.path("link"), &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test func namesALinkThatLeadsNowhere() {
    #expect(symlink("gone", folder.path("link")) == 0)
    let error = #expect(throws: ModelError.self) { try AtomicFile(path: folder.path("link"), replacing: true) }
    #expect(error?.code == .cannotCreate && error?.message.contains("link to a file that does not exist") == true)
  }

  @Test func refusesWhatCannotBeAFile() {
    mkdir(folder.path("sub"), 0o700)
    for path in ["", "a\0b", folder.path("sub"), folder.path("sub/"), folder.path("no/such/out"), "/dev/null"] {
      let error = #expect(throws: ModelError.self) { try AtomicFile(path: path, replacing: true) }
      #expect(error?.code == .cannotCreate, "\(path)")
      #expect(throws: ModelError.self, "\(path)") { try AtomicFile.check(path: path, replacing: true) }
    }
  }

  @Test func reportsAFolderThatTakesNoFiles() {
    let error = #expect(throws: ModelError.self) { try AtomicFile(path: "/proc/ferry.out", replacing: false) }
    #expect(error?.code == .cannotCreate)
  }

  @Test func reportsAFullDisk() async {
    await #expect(processExitsWith: .success) {
      let folder = TemporaryFolder()
      FullDisk.simulate(byteCount: 1000)
      let file = try AtomicFile(path: folder.path("out"), replacing: false)
      let error = #expect(throws: ModelError.self) { try file.write([UInt8](repeating: 1, count: 100_000)) }
      #expect(error?.code == .inputOutput)
      #expect(folder.entries.isEmpty)
    }
  }
}
