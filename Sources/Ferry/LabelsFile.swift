import FormatSupport
public import ModelGraph

/// A text file with one label a line.
public enum LabelsFile {
  /// - Throws: `.malformed` when the file is no UTF-8 text, larger than 16 MB, or without a label; `.noInput` when there is none.
  public static func read(path: String) throws(ModelError) -> [String] {
    let file = try MappedFile(path: path)
    defer { withExtendedLifetime(file) {} }
    guard file.byteCount <= 16 << 20, let text = String(validating: file.bytes, as: UTF8.self) else {
      throw ModelError(.malformed, "this is no text file of labels", context: [.file(path)])
    }
    let labels = lines(text)
    guard !labels.isEmpty else { throw ModelError(.malformed, "the file holds no label", context: [.file(path)]) }
    return labels
  }

  /// The lines of a text, without the empty ones at its end; a byte order mark at its beginning and a carriage return at the end of
  /// a line are dropped.
  static func lines(_ text: String) -> [String] {
    let mark = "\u{FEFF}".utf8
    // By bytes: Swift takes \r\n, and a letter with the mark behind it, for one character.
    var lines = text.utf8.dropFirst(text.utf8.starts(with: mark) ? mark.count : 0)
      .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { line in String(Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)) }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}
