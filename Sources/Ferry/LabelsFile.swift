import FormatSupport
public import ModelGraph

/// A text file with one label a line.
public enum LabelsFile {
  /// - Throws: `.malformed` when the file is no UTF-8 text or larger than 16 MB; `.noInput` when there is none.
  public static func read(path: String) throws(ModelError) -> [String] {
    let file = try MappedFile(path: path)
    defer { withExtendedLifetime(file) {} }
    guard file.byteCount <= 16 << 20, let text = String(validating: file.bytes, as: UTF8.self) else {
      throw ModelError(.malformed, "this is no text file of labels", context: [.file(path)])
    }
    return lines(text)
  }

  /// The lines of a text, without a last empty one; a carriage return at an end is dropped.
  static func lines(_ text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.hasSuffix("\r") ? String(line.dropLast()) : String(line)
    }
    // Swift takes \r\n for one character.
    if lines.count == 1, text.contains("\r\n") {
      lines = text.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}
