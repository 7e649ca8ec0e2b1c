import FormatSupport
import Images
import ModelGraph
import TestSupport
import Testing

@Suite struct PreprocessingTests {
  private func preset(_ name: String) throws -> Preprocessing {
    try #require(Preprocessing.presets.first { $0.name == name }).preprocessing
  }

  private func grey(_ value: UInt8, width: Int, height: Int) throws -> Image {
    try #require(Image(width: width, height: height, pixels: [UInt8](repeating: value, count: width * height * 3)))
  }

  @Test func presetsTurnPixelsIntoNumbers() throws {
    let type = TensorType(.float32, [1, 4, 4, 3])
    let cases: [(String, UInt8, [Float])] = [
      ("tf", 255, [1, 1, 1]), ("tf", 0, [-1, -1, -1]), ("keras128", 64, [-0.5, -0.5, -0.5]), ("none", 7, [7, 7, 7]),
      ("torch", 51, [(0.2 - 0.485) / 0.229, (0.2 - 0.456) / 0.224, (0.2 - 0.406) / 0.225]),
    ]
    for (name, pixel, expected) in cases {
      let values = try preset(name).tensor(grey(pixel, width: 9, height: 7), signature: type).floats()
      for (index, value) in values.enumerated() { #expect(abs(value - expected[index % 3]) < 1e-6, "\(name)") }
    }
  }

  @Test func theCentreIsCropped() throws {
    // 512×256 → shorter side 256 → 512×256 again; the middle 224×224 is left.
    var pixels = [UInt8](repeating: 0, count: 512 * 256 * 3)
    for row in 0..<256 { for column in 0..<512 { pixels[(row * 512 + column) * 3] = UInt8(column / 2) } }
    let image = try #require(Image(width: 512, height: 256, pixels: pixels))
    let fitted = try preset("torch").fitted(image, width: 224, height: 224)
    #expect(fitted.width == 224 && fitted.height == 224)
    #expect(fitted.pixels[0] == UInt8(144 / 2))
    #expect(fitted.pixels[(223 * 224 + 223) * 3] == UInt8(367 / 2))
  }

  /// Only the window is computed, and it is the one of the whole resized image, to the bit.
  @Test(arguments: [(97, 41), (41, 97), (300, 20), (20, 300), (64, 64), (5, 9)])
  func theWindowIsThatOfTheWhole(width: Int, height: Int) throws {
    var random = SeededGenerator(seed: 7)
    let pixels = (0..<width * height * 3).map { _ in UInt8.random(in: 0...255, using: &random) }
    let image = try #require(Image(width: width, height: height, pixels: pixels))
    for (resize, crop, networkWidth, networkHeight) in [(256, 224, 32, 32), (40, 10, 16, 16), (8, 8, 24, 16)] {
      let preprocessing = Preprocessing(
        geometry: .centerCropped(resize: resize, crop: crop), divisor: 1, means: [0, 0, 0], deviations: [1, 1, 1])
      let target = Int((Double(min(networkWidth, networkHeight) * resize) / Double(crop)).rounded())
      let longer = target * max(width, height) / min(width, height)
      let whole = image.resized(width: width > height ? longer : target, height: width > height ? target : longer)
      let left = Int((Double(whole.width - networkWidth) / 2).rounded(.toNearestOrEven))
      let top = Int((Double(whole.height - networkHeight) / 2).rounded(.toNearestOrEven))
      let expected = whole.cropped(left: left, top: top, width: networkWidth, height: networkHeight)
      #expect(preprocessing.fitted(image, width: networkWidth, height: networkHeight) == expected)
    }
  }

  /// The whole resized images would take 16 GB and 3 TB.
  @Test func theWholeMayBeOfAnySize() throws {
    let line = try grey(7, width: 1, height: 1_000_000)
    #expect(try preset("torch").fitted(line, width: 64, height: 64) == grey(7, width: 64, height: 64))
    let bomb = Preprocessing(
      geometry: .centerCropped(resize: 16_384, crop: 1), divisor: 1, means: [0, 0, 0], deviations: [1, 1, 1])
    #expect(try bomb.fitted(grey(9, width: 30, height: 20), width: 64, height: 64) == grey(9, width: 64, height: 64))
  }

  @Test func layoutsAndChannelsFollowTheSignature() throws {
    let image = try #require(Image(width: 1, height: 1, pixels: [10, 20, 30]))
    let none = try preset("none")
    #expect(try none.tensor(image, signature: TensorType(.float32, [1, 3, 1, 1])).floats() == [10, 20, 30])
    #expect(try none.tensor(image, signature: TensorType(.float32, [1, 1, 1, 1])).floats() == [18])
    let quantized = TensorType(.uint8, [1, 1, 1, 3], quantization: .perTensor(scale: 1 / 128, zeroPoint: 128))
    #expect(try preset("keras128").tensor(image, signature: quantized).integers() == [10, 20, 30])
    #expect(throws: ModelError.self) { try none.tensor(image, signature: TensorType(.float32, [1, 10])) }
    #expect(throws: ModelError.self) { try none.tensor(image, signature: TensorType(.float32, [1, 4, 4, 5])) }
    #expect(throws: ModelError.self) {
      try none.tensor(image, signature: TensorType(.float32, .ranked([1, .symbolic("H"), 4, 3])))
    }
  }

  @Test func everyPresetIsCarriedAsJSON() throws {
    for (_, preprocessing) in Preprocessing.presets {
      let text = JSONWriter.text(preprocessing.json)
      #expect(try Preprocessing(json: JSONParser.parse(text)) == preprocessing)
    }
  }

  @Test(arguments: [
    "[]", "{}", #"{"geometry": "stretch", "divisor": 0, "means": [0], "deviations": [1]}"#,
    #"{"geometry": "squeeze", "divisor": 1, "means": [0], "deviations": [1]}"#,
    #"{"geometry": "stretch", "divisor": 1, "means": [0], "deviations": [0]}"#,
    #"{"geometry": "stretch", "divisor": 1, "means": [0], "deviations": [1], "gamma": 2}"#,
    #"{"geometry": "stretch", "divisor": 1, "means": [0, 1], "deviations": [1]}"#,
    #"{"geometry": "stretch", "divisor": 1, "means": [0], "deviations": [1, 2]}"#,
    #"{"geometry": "center-crop", "resize": 10, "crop": 20, "divisor": 1, "means": [0], "deviations": [1]}"#,
  ])
  func wrongDescriptionsAreRefused(text: String) {
    #expect(throws: ModelError.self) { try Preprocessing(json: JSONParser.parse(text)) }
  }
}
