import TestSupport

/// The small files beside the script that made them.
enum Golden {
  static func path(_ name: String) -> String {
    SharedModels.packageRoot + "Tests/Goldens/TFLite/\(name).tflite"
  }

  struct Missing: Error { let path: String }

  static func bytes(_ name: String) throws -> [UInt8] {
    guard let bytes = TemporaryFolder.bytes(of: path(name)) else { throw Missing(path: path(name)) }
    return bytes
  }
}
