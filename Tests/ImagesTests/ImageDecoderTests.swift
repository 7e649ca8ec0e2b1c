import FormatSupport
import Images
import ModelGraph
import TestSupport
import Testing

@Suite struct ImageDecoderTests {
  static let folder = SharedModels.packageRoot + "Tests/ImagesTests/Fixtures/"

  static let files =
    [
      "rgb.png", "grey.png", "bits.png", "palette.png", "palette-alpha.png", "alpha.png", "grey-alpha.png",
      "deep.png", "deep-grey.png", "smooth.jpg", "subsampled.jpg", "progressive.jpg", "grey.jpg",
      "orientation-6.png", "orientation-7.png",
    ] + (1...8).map { "orientation-\($0).jpg" }

  static func expected(_ name: String) throws -> Tensor {
    try NPZFile(MappedFile(path: folder + "expected.npz")).tensor(named: name)
  }

  static func decoded(_ name: String) throws -> Image {
    try ImageDecoder.decode(MappedFile(path: folder + name))
  }

  private static func decoding(_ bytes: [UInt8]) -> Result<Image, ModelError> {
    let file = MappedFile(bytes: bytes, name: "bytes")
    return Result { () throws(ModelError) in try ImageDecoder.decode(file) }
  }

  @Test(arguments: files)
  func pixelsAreThoseOfPillow(name: String) throws {
    let image = try Self.decoded(name)
    let expected = try Self.expected(name)
    #expect([image.height, image.width, 3] == expected.extents)
    #expect(try image.pixels == expected.elements(as: UInt8.self))
  }

  @Test(arguments: [(17, 11), (8, 5), (34, 22), (5, 29), (1, 1), (64, 3), (16, 12), (16, 5), (16, 9), (18, 10)])
  func resizedPixelsAreThoseOfPillow(width: Int, height: Int) throws {
    let image = try Self.decoded("rgb.png").resized(width: width, height: height)
    #expect(try image.pixels == Self.expected("resized-\(width)x\(height)").elements(as: UInt8.self))
  }

  @Test func colourSpacesWithoutAMeaningAreRefused() throws {
    let error = #expect(throws: ModelError.self) { try Self.decoded("cmyk.jpg") }
    #expect(error?.code == .unsupported && error?.message.contains("CMYK") == true)
  }

  @Test(arguments: ["rgb.png", "palette.png", "smooth.jpg", "progressive.jpg"])
  func truncatedFilesAreRefused(name: String) throws {
    let bytes = try #require(TemporaryFolder.bytes(of: Self.folder + name))
    for count in stride(from: 0, to: bytes.count - 12, by: 7) {
      let error = #expect(throws: ModelError.self, "\(count) bytes") {
        try Self.decoding(Array(bytes.prefix(count))).get()
      }
      #expect(error?.code == .malformed || (count < 8 && error?.code == .unsupported))
    }
  }

  /// A header of 60,000 × 60,000 pixels is refused before any memory is taken for them.
  @Test(arguments: ["rgb.png", "smooth.jpg"])
  func hugeHeadersAreRefused(name: String) throws {
    let bytes = HugeImage.declaring60000(try #require(TemporaryFolder.bytes(of: Self.folder + name)))
    let error = #expect(throws: ModelError.self) {
      try Self.decoding(bytes).get()
    }
    #expect(error?.code == .malformed)
    #expect(error?.message.contains("60000 x 60000") == true)
  }

  @Test func damagedFilesNeverCrash() throws {
    var random = SeededGenerator(seed: 11)
    for name in ["rgb.png", "palette.png", "smooth.jpg", "progressive.jpg", "orientation-6.jpg"] {
      let bytes = try #require(TemporaryFolder.bytes(of: Self.folder + name))
      for _ in 0..<300 {
        var damaged = bytes
        for _ in 0..<3 {
          damaged[random.integer(in: 0...(bytes.count - 1))] = UInt8(random.integer(in: 0...255))
        }
        switch Self.decoding(damaged) {
        case .success(let image): #expect(image.pixels.count == image.width * image.height * 3)
        case .failure(let error): #expect(error.code == .malformed || error.code == .unsupported)
        }
      }
    }
  }
}
