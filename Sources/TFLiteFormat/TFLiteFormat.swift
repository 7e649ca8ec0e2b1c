public import FormatSupport
public import ModelGraph

/// TensorFlow Lite's flatbuffer files (`.tflite`, identifier `TFL3`), schema version 3.
///
/// Layouts: maps [N, H, W, C]; convolution filters [O, kh, kw, I], depthwise ones [1, kh, kw, O]; dense weights [O, I].
/// Weights stay in the mapped file.
public enum TFLiteFormat {
  /// Reads a model.
  ///
  /// - Throws: `.malformed` where the file breaks the format's rules; `.unsupported` where it uses what cannot even be
  ///   shown. Operators without a meaning in Ferry are no error: they become opaque nodes.
  public static func read(_ file: MappedFile, options: ImportOptions = .standard) throws(ModelError) -> Program {
    let model = try TFLiteModel(decoding: file)
    var importer = ProgramImporter(model: model, file: file, limits: options.limits)
    return try importer.program()
  }
}
