import FormatSupport
import ModelGraph
import ONNXFormat

/// The files of the folder Fixtures, which make.py makes.
enum Fixtures {
  static let folder: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast().joined(separator: "/") + "/Fixtures/"
  }()

  static func path(_ name: String) -> String { folder + name }

  static func read(_ name: String) throws(ModelError) -> Program {
    try ONNXFormat.read(try MappedFile(path: path(name + ".onnx")), options: .standard)
  }

  static func graph(_ name: String) throws(ModelError) -> Graph { try read(name).mainGraph }
}
