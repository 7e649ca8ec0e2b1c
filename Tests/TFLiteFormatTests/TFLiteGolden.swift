import FormatSupport
import ModelGraph
import TFLiteFormat
import TestSupport

/// The small files beside the script that made them.
enum TFLiteGolden {
  static func path(_ name: String) -> String {
    Golden.path("TFLite/\(name).tflite")
  }

  static func program(_ name: String, options: ImportOptions = .standard) throws(ModelError) -> Program {
    try TFLiteFormat.read(MappedFile(path: path(name)), options: options)
  }

  struct Missing: Error { let path: String }

  static func bytes(_ name: String) throws -> [UInt8] {
    guard let bytes = TemporaryFolder.bytes(of: path(name)) else { throw Missing(path: path(name)) }
    return bytes
  }
}
