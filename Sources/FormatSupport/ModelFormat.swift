public import ModelGraph

/// One file format: how it is recognised and read.
public protocol ModelFormat {
  /// The name in messages and on the command line: `TFLite`, `ONNX`, `Keras HDF5`, `Ferry`.
  static var name: String { get }

  /// Extensions in lower case, without the dot; they decide only where content does not.
  static var fileExtensions: [String] { get }

  /// Whether a file that begins with `header` (at most 64 bytes) is of this format.
  static func matches(header: [UInt8]) -> Bool

  /// Reads the model, faithful to the file.
  ///
  /// - Throws: `.malformed` where the content breaks the format's rules, `.unsupported` where Ferry has no meaning for it.
  static func read(_ file: MappedFile, options: ImportOptions) throws(ModelError) -> Program
}
