import FormatSupport
import Images
import TestSupport
import Testing

/// Real photographs for a network of 224×224 pixels: every pixel is Pillow's.
@Suite(.enabled(if: SharedModels.isAvailable, SharedModels.comment))
struct PhotographTests {
  @Test(arguments: Photographs.names, [("tf", "stretch"), ("torch", "crop")])
  func preparedPixelsAreThoseOfPillow(name: String, preset: (name: String, geometry: String)) throws {
    let preprocessing = try #require(Preprocessing.presets.first { $0.name == preset.name }).preprocessing
    let image = try ImageDecoder.decode(MappedFile(path: SharedModels.path("images/\(name)")))
    let fitted = preprocessing.fitted(image, width: 224, height: 224)
    #expect(fitted.width == 224 && fitted.height == 224)
    let hash = fitted.pixels.withUnsafeBytes(ContentHash.sha256Text)
    #expect(try hash == Photographs.pixelHash(name, geometry: preset.geometry))
  }
}
