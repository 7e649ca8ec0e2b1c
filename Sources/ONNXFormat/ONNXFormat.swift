public import FormatSupport
public import ModelGraph

/// The ONNX format: ModelProto files of IR versions 3 to 13, operator sets 6 to 25.
public enum ONNXFormat: ModelFormat {
  public static let name = "ONNX"
  public static let fileExtensions = ["onnx"]

  /// Whether the first bytes are fields of a ModelProto, as far as 64 bytes can tell: protobuf has no magic number.
  public static func matches(header: [UInt8]) -> Bool { HeaderCheck.looksLikeModel(header) }

  /// Reads a model; weights stay in `file` where they are stored as raw bytes.
  ///
  /// The graph is faithful to the file: channels first, filters as stored, one node a node where operators allow it.
  /// Operators without a meaning become ``OpaqueOp``s with the reason; calls of the model's own functions are replaced by
  /// the functions' nodes.
  ///
  /// - Throws: `.malformed` where the content breaks the format's rules or a limit; `.unsupported` for versions of ONNX that
  ///   are not known; `.noInput` for external data that is missing.
  public static func read(_ file: MappedFile, options: ImportOptions) throws(ModelError) -> Program {
    try within(.file(file.path)) { () throws(ModelError) in
      guard file.byteCount > 0 else { throw ModelError(.malformed, "the file is empty") }
      var importer = ModelImporter(try ONNXDocument(modelIn: file, limits: options.limits))
      return try importer.program()
    }
  }

  /// Reads a file that holds one TensorProto, as ONNX's test data `input_0.pb` and `output_0.pb` do.
  ///
  /// - Returns: the tensor and the name in it, which is often empty.
  /// - Throws: `.malformed` where the content is no such tensor; `.unsupported` for element types that Ferry does not have.
  public static func readTensor(
    _ file: MappedFile, options: ImportOptions = .standard
  ) throws(ModelError) -> (name: String, tensor: Tensor) {
    try within(.file(file.path)) { () throws(ModelError) in
      guard file.byteCount > 0 else { throw ModelError(.malformed, "the file is empty") }
      let document = try ONNXDocument(tensorIn: file, limits: options.limits)
      return (document.root.name, try document.tensors.tensor(document.root))
    }
  }
}
