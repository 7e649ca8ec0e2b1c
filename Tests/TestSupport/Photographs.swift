import FormatSupport
import ModelGraph

/// What Pillow and ONNX Runtime make of the shared photographs: `Tests/ImagesTests/Fixtures/photographs.json`, which
/// `photographs.py` beside it wrote.
public enum Photographs {
  public static let names = ["burger.jpg", "cat.png", "grace_hopper.png", "parrot.jpg"]

  /// SHA-256 of the pixels [224, 224, 3] that Pillow resizes to; `geometry` is `stretch` or `crop`.
  public static func pixelHash(_ name: String, geometry: String) throws -> String? {
    try photograph(name)[geometry]?.stringValue
  }

  /// The five likeliest classes that ONNX Runtime gives for the cropped photograph with a model of `imagenet/`.
  public static func likeliestClasses(_ name: String, model: String) throws -> [Int] {
    try (photograph(name)["top"]?.objectValue?[model]?.arrayValue ?? []).compactMap(\.integerValue)
  }

  private static func photograph(_ name: String) throws -> [String: JSONValue] {
    let file = try MappedFile(path: SharedModels.packageRoot + "Tests/ImagesTests/Fixtures/photographs.json")
    defer { withExtendedLifetime(file) {} }
    return try JSONParser.parse(file.bytes).objectValue?["photographs"]?.objectValue?[name]?.objectValue ?? [:]
  }
}
