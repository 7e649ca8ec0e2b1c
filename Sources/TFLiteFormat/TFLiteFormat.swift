public import FormatSupport
public import ModelGraph

/// TensorFlow Lite's flatbuffer files (`.tflite`, identifier `TFL3`), schema version 3.
///
/// Layouts: maps [N, H, W, C]; convolution filters [O, kh, kw, I], depthwise ones [1, kh, kw, O]; dense weights [O, I].
/// Weights stay in the mapped file.
public enum TFLiteFormat: ModelFormat {
  public static let name = "TFLite"
  public static let fileExtensions = ["tflite"]

  /// Whether the identifier stands at byte 4, as in every flatbuffer that has one.
  public static func matches(header: [UInt8]) -> Bool {
    header.count >= 8 && header[4..<8].elementsEqual(TFLiteModel.identifier)
  }

  /// Reads a model, all of its subgraphs.
  ///
  /// - Throws: `.malformed` where the file breaks the format's rules; `.unsupported` where it uses what cannot even be
  ///   shown; `.nonFinite` for weights that are no numbers. Operators without a meaning in Ferry are no error: they
  ///   become opaque nodes.
  public static func read(_ file: MappedFile, options: ImportOptions) throws(ModelError) -> Program {
    let model = try TFLiteModel(decoding: file)
    var importer = ProgramImporter(model: model, file: file, limits: options.limits)
    let program = try importer.program()
    if !options.allowsNonFinite {
      for graph in program.graphs { try graph.requireFiniteParameters() }
    }
    return program
  }
}
