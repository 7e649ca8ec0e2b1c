import FormatSupport
import ModelGraph
import ONNXFormat
import TestSupport

/// The files of `Tests/Goldens/ONNX`, which make_goldens.py makes.
enum Fixtures {
  static func path(_ name: String) -> String { Golden.path("ONNX/" + name) }

  static func read(_ name: String) throws(ModelError) -> Program {
    try ONNXFormat.read(try MappedFile(path: path(name + ".onnx")), options: .standard)
  }

  static func read(_ bytes: [UInt8], limits: Limits = .standard) throws(ModelError) -> Program {
    try ONNXFormat.read(MappedFile(bytes: bytes, name: "test.onnx"), options: ImportOptions(limits: limits))
  }

  static func graph(_ name: String) throws(ModelError) -> Graph { try read(name).mainGraph }
}
