import FormatSupport
import ModelGraph
import TestSupport
import Testing

@Suite struct NPZFileTests {
  let tensors: [(name: String, tensor: Tensor)]

  init() throws {
    tensors = [
      ("b", try Tensor([Float](repeating: 1, count: 1000), shape: [10, 100])),
      ("a/x", try Tensor([Int64(5)], shape: [])),
    ]
  }

  @Test(arguments: ["stored", "deflated"])
  func readsNumPysArchives(name: String) throws {
    let file = try NPZFile(path: Golden.path("Arrays/\(name).npz"))
    #expect(file.names == ["input", "deep/label"])
    #expect(file.otherEntryNames.isEmpty)
    #expect(try file.tensor(named: "input").floats() == [0, 1, 2, 3, 4, 5])
    #expect(try file.tensor(named: "deep/label").integers() == [3])
    let error = #expect(throws: ModelError.self) { try file.tensor(named: "output") }
    #expect(error?.code == .noInput)
    #expect(error?.hint == "the file holds 'input', 'deep/label'")
  }

  @Test(arguments: [false, true])
  func readsBackWhatItWrote(isDeflated: Bool) throws {
    let bytes = try NPZFile.bytes(of: tensors, isDeflated: isDeflated)
    #expect(bytes == (try NPZFile.bytes(of: tensors, isDeflated: isDeflated)))
    #expect(isDeflated ? bytes.count < 1000 : bytes.count > 4000)
    let file = MappedFile(bytes: bytes, name: "m")
    #expect(NPZFile.matches(file.bytes))
    let read = try NPZFile(file)
    #expect(read.names == ["b", "a/x"])
    #expect(try read.tensor(named: "b").floats() == [Float](repeating: 1, count: 1000))
    #expect(try read.tensor(named: "a/x").integers() == [5])
  }

  @Test func writesFiles() throws {
    let folder = TemporaryFolder()
    try NPZFile.write(tensors, to: folder.path("x.npz"), replacing: false)
    #expect(throws: ModelError.self) { try NPZFile.write(tensors, to: folder.path("x.npz"), replacing: false) }
    #expect(try NPZFile(path: folder.path("x.npz")).names == ["b", "a/x"])
    try NPZFile.write([], to: folder.path("empty.npz"), replacing: false)
  }

  @Test func boundsEntries() throws {
    let file = MappedFile(bytes: try NPZFile.bytes(of: tensors, isDeflated: true), name: "m")
    for change in [
      { $0.zipEntries = 1 }, { $0.zipEntryBytes = 1000 }, { $0.zipExpansionRatio = 2 },
    ] as [(inout Limits) -> Void] {
      var limits = Limits()
      change(&limits)
      let error = #expect(throws: ModelError.self) { try NPZFile(file, limits: limits) }
      #expect(error?.code == .malformed)
    }
  }

  @Test func findsDamage() throws {
    let bytes = try NPZFile.bytes(of: tensors)
    // Inside the content of the first entry: only the CRC can tell.
    var flipped = bytes
    flipped[2000] ^= 1
    let file = try NPZFile(MappedFile(bytes: flipped, name: "m"))
    let error = #expect(throws: ModelError.self) { try file.tensor(named: "b") }
    #expect(error?.code == .malformed)
    for count in stride(from: 0, to: bytes.count, by: 37) {
      let cut = MappedFile(bytes: Array(bytes[..<count]), name: "m")
      #expect(throws: ModelError.self, "\(count)") { _ = try NPZFile(cut).tensor(named: "b") }
    }
  }

  @Test func noFlippedBitCrashesOrLies() throws {
    let small: [(name: String, tensor: Tensor)] = [("x", try Tensor([Float(1), 2, 3], shape: [3]))]
    let bytes = try NPZFile.bytes(of: small, isDeflated: true)
    for bit in 0..<(bytes.count * 8) {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      if let tensor = try? NPZFile(MappedFile(bytes: flipped, name: "m")).tensor(named: "x") {
        #expect(try tensor.floats() == [1, 2, 3], "bit \(bit)")
      }
    }
  }

  @Test func refusesDuplicatesAndOverlaps() throws {
    // Two entries whose names differ only in the last letter: renaming one in both places makes a duplicate.
    let pair = try ZipArchive.bytes([("a1", [1]), ("a2", [2])])
    let renamed = pair.map { $0 == UInt8(ascii: "2") ? UInt8(ascii: "1") : $0 }
    #expect(throws: ModelError.self) { try ZipArchive(MappedFile(bytes: renamed, name: "m")) }
    #expect(throws: ModelError.self) { try ZipArchive.bytes([("a", [1]), ("a", [2])]) }
  }

  @Test func refusesWhatIsNoArchive() {
    for bytes in [[], Array("PK".utf8), [UInt8](repeating: 0, count: 100)] {
      let error = #expect(throws: ModelError.self) { try ZipArchive(MappedFile(bytes: bytes, name: "m")) }
      #expect(error?.code == .malformed)
    }
  }

  @Test func namesOtherEntries() throws {
    let bytes = try ZipArchive.bytes([("readme.txt", Array("hello".utf8))])
    let file = MappedFile(bytes: bytes, name: "m")
    #expect(try NPZFile(file).otherEntryNames == ["readme.txt"])
    let archive = try ZipArchive(file)
    let content = try archive.content(of: archive.entries[0])
    #expect(Array(content.bytes) == Array("hello".utf8))
  }

  @Test(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
  func readsStoredReferences() throws {
    let input = try SharedModels.reference("mobilenetv2_torchvision_onnx", "cat_input")
    #expect(input.extents == [1, 3, 224, 224])
  }
}
