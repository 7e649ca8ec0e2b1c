import ModelGraph

extension String {
  /// The text on one line of a terminal: control characters, line breaks and marks that reorder text are written as
  /// `\u{…}`, so that a name from a file cannot write to the terminal or hide in it.
  public var terminalSafe: String {
    guard unicodeScalars.contains(where: Self.isUnsafe) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      if Self.isUnsafe(scalar) {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // Controls; line and paragraph separators; marks, overrides and isolates of the bidirectional algorithm.
    case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0x200B...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }

  /// The text in a cell of a Markdown table.
  var markdownSafe: String {
    var result = ""
    // By scalars: with a mark behind it, a bar is another character to Swift, and still a bar to Markdown.
    for scalar in terminalSafe.unicodeScalars {
      if "\\|`*_<>[]".unicodeScalars.contains(scalar) { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result
  }

  /// The text as one field of CSV.
  var csvField: String {
    guard unicodeScalars.contains(where: { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }) else { return self }
    var quoted = "\""
    for scalar in unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }

  /// At most `limit` characters: the beginning and the end, which tell most names apart.
  func cutInTheMiddle(to limit: Int) -> String {
    let length = count
    guard length > limit, limit >= 3 else { return self }
    let head = (limit - 1) / 2
    return "\(prefix(head))…\(suffix(limit - 1 - head))"
  }

  /// Columns of a terminal that the text takes: two for wide East Asian characters and emoji, none for combining marks.
  var displayWidth: Int {
    if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.count }
    return unicodeScalars.reduce(0) { $0 + Self.width(of: $1) }
  }

  /// Unicode Standard Annex 11, its wide and fullwidth blocks.
  private static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
