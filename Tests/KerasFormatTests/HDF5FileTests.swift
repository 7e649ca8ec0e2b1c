import FormatSupport
import HDF5Protocol
import ModelGraph
import TestSupport
import Testing

@testable import KerasFormat

@Suite struct HDF5FileTests {
  static let fixtures = SharedModels.packageRoot + "Tests/KerasFormatTests/Fixtures/hdf5/"

  static func read(_ path: String) throws -> HDF5File {
    try HDF5File(try MappedFile(path: path), options: .standard)
  }

  @Test func everyKindOfAttributeAndDatasetIsRead() throws {
    let file = try Self.read(Self.fixtures + "kinds.h5")
    let root = file.root
    #expect(root.groups == ["a"])
    #expect(root.attributes["text"]?.value == .strings(["variable, ü"]))
    #expect(root.attributes["fixed"] == HDF5Attribute(name: "fixed", shape: [2], value: .strings(["ab", "cde"])))
    #expect(root.attributes["texts"]?.value == .strings(["one", "two"]))
    #expect(root.attributes["number"]?.value == .integers([7]))
    #expect(root.attributes["numbers"] == HDF5Attribute(name: "numbers", shape: [1, 2], value: .floats([1.5, -2])))
    #expect(root.attributes["truth"]?.value == .integers([1]))
    let ramp = (0..<24).map(Float.init)
    for name in ["float32", "float16", "float64", "big_endian", "gzip", "chunked"] {
      let tensor = try file.tensor(at: "/a/b/" + name)
      #expect(tensor.extents == [2, 3, 4], "\(name)")
      #expect(try tensor.floats() == ramp, "\(name)")
    }
    #expect(try file.tensor(at: "/a/b/float16").elementType == .float16)
    #expect(try file.tensor(at: "/a/b/int8").integers() == [-1, 2])
    #expect(try file.tensor(at: "/a/b/int32").integers() == [-1, 2])
    #expect(try file.tensor(at: "/a/b/int64").extents == [])
    #expect(try file.tensor(at: "/a/b/uint8").integers() == [1, 255])
    #expect(try file.tensor(at: "/a/b/bool").integers() == [1, 0])
    #expect(try file.tensor(at: "/a/b/empty").extents == [0, 3])
    #expect(try file.tensor(at: "/a/b/bfloat16").floats() == [1, -2])
    #expect(try file.tensor(at: "/a/b/never_written").floats() == [1.5, 1.5, 1.5])
    #expect(throws: ModelError.self) { try file.tensor(at: "/a/b/text") }
    #expect(throws: ModelError.self) { try file.tensor(at: "/a/b/none") }
  }

  @Test func plainDatasetsStayInTheFile() throws {
    let mapped = try MappedFile(path: Self.fixtures + "kinds.h5")
    let file = try HDF5File(mapped, options: .standard)
    guard case .bytes(let storage, _) = try file.tensor(at: "/a/b/float32").content else {
      Issue.record("not bytes")
      return
    }
    #expect(storage === mapped)
  }

  @Test(arguments: [
    ("external_link", "'/elsewhere' is a link to another file, and Ferry follows none"),
    ("soft_link", "'/y' is a soft link, and Ferry follows none"),
    ("cycle", "group '/g/again' is linked from two places"),
    ("external_storage", "the elements of '/x' lie in another file; Ferry reads none"),
    ("lzf", "'/x' is stored through HDF5 filter 32000; Ferry reads gzip, shuffle and fletcher32"),
    ("deep", "groups are nested more than 64 deep"),
    ("huge", "the file's compressed or converted datasets take more than 67108864 bytes"),
  ])
  func whatLeadsElsewhereIsRefused(name: String, message: String) throws {
    let error = #expect(throws: ModelError.self) { try Self.read(Self.fixtures + name + ".h5") }
    #expect(error?.code == .unsupported)
    #expect(error?.message == message)
  }

  /// A dataset that has both an address in the file and a list of other files.
  @Test func whatLiesBothHereAndElsewhereIsRefused() throws {
    var bytes = try #require(TemporaryFolder.bytes(of: Self.fixtures + "external_storage.h5"))
    // A contiguous layout (version 3, class 1) whose address is undefined.
    let layout = [0x03, 0x01] + [UInt8](repeating: 0xFF, count: 8)
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: layout) })
    bytes.replaceSubrange(place + 2..<place + layout.count, with: [0x60, 0, 0, 0, 0, 0, 0, 0])
    let folder = TemporaryFolder()
    let path = folder.write(bytes, to: "both.h5")
    let error = #expect(throws: ModelError.self) { try Self.read(path) }
    #expect(error?.message == "the elements of '/x' lie in another file; Ferry reads none")
  }

  @Test func aVirtualDatasetIsRefused() throws {
    // libhdf5 1.10 does not understand newer virtual layouts at all, which is as good.
    #expect(throws: ModelError.self) { try Self.read(Self.fixtures + "virtual.h5") }
  }

  @Test func everyCutOfAFileIsMalformed() throws {
    let whole = try #require(TemporaryFolder.bytes(of: Self.fixtures + "kinds.h5"))
    let folder = TemporaryFolder()
    for place in 0..<20 {
      let path = folder.write(Array(whole[..<(whole.count * place / 20)]), to: "cut\(place).h5")
      let error = #expect(throws: ModelError.self, "cut at \(place)/20") { try Self.read(path) }
      #expect(error?.code == .malformed, "cut at \(place)/20: \(error?.message ?? "")")
    }
  }

  /// libhdf5 1.10.8 has faults of memory safety: whatever a flipped bit does to the reader, Ferry lives.
  @Test func flippedBitsEndInAnErrorOrInContentWithinBounds() throws {
    let whole = try #require(TemporaryFolder.bytes(of: Self.fixtures + "kinds.h5"))
    let folder = TemporaryFolder()
    var random = SeededGenerator(seed: 7)
    for _ in 0..<150 {
      var damaged = whole
      for _ in 0..<4 {
        damaged[random.integer(in: 0...(whole.count - 1))] ^= UInt8(1) << UInt8(random.integer(in: 0...7))
      }
      let path = folder.write(damaged, to: "damaged.h5")
      do {
        let file = try Self.read(path)
        for name in file.datasets.keys { _ = try? file.tensor(at: name).densified() }
      } catch {
        let code = (error as? ModelError)?.code
        #expect(code == .malformed || code == .unsupported, "\(error)")
      }
    }
  }

  @Test func aMissingReaderIsUnsupported() throws {
    var options = ImportOptions.standard
    options.hdf5ReaderPath = "/nowhere/ferry-hdf5-reader"
    let file = try MappedFile(path: Self.fixtures + "kinds.h5")
    let error = #expect(throws: ModelError.self) { try HDF5File(file, options: options) }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("there is none at '/nowhere/ferry-hdf5-reader'") == true)
  }

  @Test(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
  func aTruncatedModelSaysHowLongItShouldBe() throws {
    let path = SharedModels.path("broken/truncated_mobilenet_v2_1.0_no_top_weights_yik.h5")
    let error = #expect(throws: ModelError.self) { try Self.read(path) }
    #expect(error?.code == .malformed)
    #expect(error?.message.contains("2064384") == true && error?.message.contains("9406464") == true)
  }
}
