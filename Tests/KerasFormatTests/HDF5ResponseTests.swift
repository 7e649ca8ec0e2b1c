import HDF5Protocol
import ModelGraph
import Testing

@testable import KerasFormat

@Suite struct HDF5ResponseTests {
  static let frames: [HDF5Frame] = [
    .group(path: "/"),
    .attribute(HDF5Attribute(name: "text", shape: [], value: .strings(["ü", ""]))),
    .attribute(HDF5Attribute(name: "n", shape: [2], value: .integers([-1, .max]))),
    .attribute(HDF5Attribute(name: "f", shape: [1, 2], value: .floats([0.5, -.infinity]))),
    .attribute(HDF5Attribute(name: "o", shape: [], value: .other("compound"))),
    .dataset(HDF5Dataset(path: "/x", element: .float32, shape: [2, 3], location: .file(offset: 4096))),
    .dataset(HDF5Dataset(path: "/y", element: .bool, shape: [], location: .shared(offset: 0))),
    .dataset(HDF5Dataset(path: "/z", element: .other, shape: [0], location: .none)),
    .end(objects: 4),
  ]

  static func encoded(_ frames: [HDF5Frame]) throws -> [UInt8] {
    try frames.reduce(into: HDF5Response.header) { bytes, frame in bytes += try HDF5Response.encode(frame) }
  }

  @Test func everyFrameComesBackAsItWasSent() throws {
    #expect(try HDF5Response.decode(try Self.encoded(Self.frames)) == Self.frames)
    let failure = HDF5Frame.failure(HDF5Failure(code: .unsupported, message: "m", hint: "h"))
    #expect(try HDF5Response.decode(try Self.encoded([failure])) == [failure])
  }

  @Test func everyCutIsFound() throws {
    let bytes = try Self.encoded(Self.frames)
    for count in 0..<bytes.count {
      #expect(throws: ModelError.self, "cut at \(count)") { try HDF5Response.decode(Array(bytes[..<count])) }
    }
    #expect(throws: ModelError.self) { try HDF5Response.decode(bytes + [0]) }
  }

  /// Lengths, counts, tags and codes are all among the changed bytes; none may lead outside the answer.
  @Test func everyChangedByteIsRefusedOrReadInBounds() throws {
    let bytes = try Self.encoded(Self.frames)
    var refusals = 0
    for index in bytes.indices {
      for value: UInt8 in [0, 1, 0x7F, 0xFF] where bytes[index] != value {
        var changed = bytes
        changed[index] = value
        do { _ = try HDF5Response.decode(changed) } catch {
          #expect(error.code == .malformed)
          refusals += 1
        }
      }
    }
    #expect(refusals > bytes.count)
  }

  @Test func attributesBelongToAnObject() throws {
    let orphan = HDF5Frame.attribute(HDF5Attribute(name: "a", shape: [], value: .integers([1])))
    #expect(throws: ModelError.self) { try HDF5Response.decode(try Self.encoded([orphan, .end(objects: 0)])) }
    #expect(throws: ModelError.self) {
      try HDF5Response.decode(try Self.encoded([.group(path: "/"), .end(objects: 2)]))
    }
  }

  @Test func oneNameStandsForOneThing() throws {
    func attribute(_ value: Int64) -> HDF5Frame {
      .attribute(HDF5Attribute(name: "a", shape: [], value: .integers([value])))
    }
    let dataset = HDF5Frame.dataset(HDF5Dataset(path: "/x", element: .float32, shape: [1], location: .file(offset: 0)))
    let twice: [(frames: [HDF5Frame], message: String)] = [
      ([.group(path: "/"), attribute(1), attribute(2)], "the HDF5 file gives '/' two attributes named 'a'"),
      ([.group(path: "/"), dataset, attribute(1), attribute(1)], "the HDF5 file gives '/x' two attributes named 'a'"),
      ([.group(path: "/"), dataset, dataset], "the HDF5 file holds two objects named '/x'"),
      ([.group(path: "/"), .group(path: "/x"), dataset], "the HDF5 file holds two objects named '/x'"),
    ]
    for (frames, message) in twice {
      let error = #expect(throws: ModelError.self) { try HDF5Listing(frames) }
      #expect(error?.code == .malformed)
      #expect(error?.message == message)
    }
    let listing = try HDF5Listing([.group(path: "/"), attribute(1), dataset, attribute(2)])
    #expect(listing.groups["/"]?.attributes["a"]?.value == .integers([1]))
    #expect(listing.datasets["/x"]?.attributes["a"]?.value == .integers([2]))
  }

  @Test func aRequestTravelsAsArguments() throws {
    var request = HDF5ReaderRequest()
    request.maximumDepth = 3
    #expect(HDF5ReaderRequest(arguments: request.arguments) == request)
    #expect(HDF5ReaderRequest(arguments: []) == nil)
    #expect(HDF5ReaderRequest(arguments: ["2"] + request.arguments.dropFirst()) == nil)
    #expect(HDF5ReaderRequest(arguments: request.arguments.dropLast() + ["-1"]) == nil)
    #expect(HDF5ReaderRequest(arguments: request.arguments.dropLast() + ["x"]) == nil)
  }
}
