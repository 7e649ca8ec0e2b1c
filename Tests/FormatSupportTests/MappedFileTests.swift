import FormatSupport
import Glibc
import ModelGraph
import TestSupport
import Testing

@Suite struct MappedFileTests {
  @Test func mapsTheContent() throws {
    let folder = TemporaryFolder()
    let path = folder.write([1, 2, 3], to: "a.bin")
    let file = try MappedFile(path: path)
    #expect(Array(file.bytes) == [1, 2, 3])
    #expect(file.byteCount == 3)
    #expect(file.path == path)
    #expect(file.name == "a.bin")
  }

  @Test func takesAnEmptyFile() throws {
    let folder = TemporaryFolder()
    let file = try MappedFile(path: folder.write([], to: "empty"))
    #expect(file.byteCount == 0)
    #expect(Array(file.bytes).isEmpty)
  }

  @Test func ownsBytes() {
    let file = MappedFile(bytes: [7, 8], name: "memory")
    #expect(Array(file.bytes) == [7, 8])
    #expect(MappedFile(bytes: [], name: "memory").byteCount == 0)
  }

  @Test func refusesWhatIsNoRegularFile() throws {
    let folder = TemporaryFolder()
    let pipe = folder.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    for path in [folder.path("missing"), folder.path, pipe, "/dev/null", "a\0b", folder.path("missing") + "/x"] {
      let error = #expect(throws: ModelError.self) { try MappedFile(path: path) }
      #expect(error?.code == .noInput, "\(path)")
      #expect(error?.context == [.file(path)])
    }
    let error = #expect(throws: ModelError.self) { try MappedFile(path: folder.path) }
    #expect(error?.message == "is a directory")
  }

  /// A process of its own, because root may read every file: where the tests run as root, it goes on as nobody.
  @Test func reportsMissingPermission() async throws {
    await #expect(processExitsWith: .success) {
      let folder = TemporaryFolder()
      let path = folder.write([1], to: "closed")
      chmod(folder.path, 0o755)
      chmod(path, 0)
      let nobody: uid_t = 65534
      if getuid() == 0 { #expect(seteuid(nobody) == 0) }
      let error = #expect(throws: ModelError.self) { try MappedFile(path: path) }
      #expect(error?.code == .inputOutput)
      #expect(error?.context == [.file(path)])
      // Back, so that the folder can go away.
      if getuid() == 0 { #expect(seteuid(0) == 0) }
    }
  }

  @Test func shrinkingFileEndsWithAMessage() async throws {
    let result = await #expect(processExitsWith: .exitCode(74), observing: [\.standardErrorContent]) {
      let folder = TemporaryFolder()
      let path = folder.write([UInt8](repeating: 1, count: 100_000), to: "shrinking.onnx")
      let file = try MappedFile(path: path)
      // A second mapping that is gone again must not stand in the way.
      _ = try MappedFile(path: folder.write([1], to: "other"))
      truncate(path, 10)
      exit(Int32(file.bytes[90_000]))
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("shrinking.onnx: input/output: the file became shorter"))
  }

  @Test func faultElsewhereKeepsTheDefaultAction() async throws {
    await #expect(processExitsWith: .signal(SIGBUS)) {
      let folder = TemporaryFolder()
      let path = folder.write([UInt8](repeating: 1, count: 100_000), to: "a")
      let guarded = try MappedFile(path: path)
      let descriptor = open(path, O_RDONLY)
      let base = mmap(nil, 100_000, PROT_READ, MAP_PRIVATE, descriptor, 0)
      truncate(path, 10)
      exit(Int32(base?.load(fromByteOffset: 90_000, as: UInt8.self) ?? 0) + Int32(guarded.bytes[0]))
    }
  }
}
