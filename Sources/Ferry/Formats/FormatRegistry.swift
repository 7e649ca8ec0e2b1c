public import FormatSupport
import KerasFormat
import ModelGraph
import NativeFormat
import ONNXFormat
import TFLiteFormat

/// Every format that Ferry reads. A new one is one line here.
public enum FormatRegistry {
  /// Formats are asked in this order; ONNX comes last, because protobuf has no magic and its test is the weakest.
  public static var formats: [any ModelFormat.Type] {
    [
      NativeFormat.self,
      TFLiteFormat.self,
      KerasFormat.self,
      ONNXFormat.self,
    ]
  }

  /// The format of a file: by its first bytes, or, where those tell nothing, by its extension.
  ///
  /// - Returns: the format, and a note where the extension says otherwise.
  /// - Throws: `.malformed` where neither names a format.
  static func format(of file: MappedFile) throws(ModelError) -> (format: any ModelFormat.Type, note: Finding?) {
    guard file.byteCount > 0 else { throw ModelError(.malformed, "the file is empty") }
    let header = Array(file.bytes.prefix(64))
    let byExtension = format(withExtension: fileExtension(of: file.name))
    if let match = formats.first(where: { $0.matches(header: header) }) {
      guard let byExtension, byExtension != match else { return (match, nil) }
      let note = Finding(
        .note, code: "misleading-extension",
        "the file is named like \(byExtension.name), its content is \(match.name)",
        fix: "rename it to end in .\(match.fileExtensions.first ?? "")")
      return (match, note)
    }
    // A damaged file still gets its own format's message.
    if let byExtension { return (byExtension, nil) }
    let names = formats.map { "\($0.name) (\($0.fileExtensions.map { ".\($0)" }.joined(separator: ", ")))" }
    throw ModelError(
      .malformed, "this is no model file that Ferry knows", hint: "it reads \(names.joined(separator: ", "))")
  }

  private static func format(withExtension name: String) -> (any ModelFormat.Type)? {
    formats.first { $0.fileExtensions.contains(name) }
  }

  private static func fileExtension(of name: String) -> String {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return "" }
    return String(name[name.utf8.index(after: dot)...]).lowercased()
  }
}
