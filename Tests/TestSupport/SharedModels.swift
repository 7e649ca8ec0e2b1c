import Glibc
public import Testing

/// The folder of real models that the tests read and the project does not carry: `FERRY_MODELS`, or `../shared/models`
/// beside the package.
///
/// A test that needs it says so: `@Test(.enabled(if: SharedModels.isAvailable, SharedModels.comment))`.
public enum SharedModels {
  /// The folder with a slash at its end.
  public static let root: String = {
    if let path = getenv("FERRY_MODELS") { return String(cString: path) + "/" }
    return packageRoot + "../shared/models/"
  }()

  /// The package's folder with a slash at its end.
  public static let packageRoot: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/") + "/"
  }()

  public static let isAvailable = access(root + "README.md", R_OK) == 0

  /// What a skipped test reports.
  public static let comment: Comment = "needs the shared models (../shared/models or FERRY_MODELS)"

  /// The path of a model: `path("imagenet/mobilenetv2_torchvision.onnx")`.
  public static func path(_ name: String) -> String { root + name }

  public static func exists(_ name: String) -> Bool { access(root + name, R_OK) == 0 }
}
