import Ferry

/// Parts of option values; a sign between them is one whatever mark a file's name begins with behind it.
enum OptionText {
  /// `[NAME=]FILE`: the whole text where a file of that name exists, otherwise split at the first `=`.
  static func namedFile(_ text: String) -> (name: String?, path: String) {
    guard let sign = text.utf8.firstIndex(of: UInt8(ascii: "=")), sign != text.startIndex, !fileExists(text) else {
      return (nil, text)
    }
    return (String(text[..<sign]), String(text[text.utf8.index(after: sign)...]))
  }

  /// `[NAME:]V`, split at the last colon: names of tensors hold colons of their own.
  static func namedValue(_ text: String) -> (name: String?, value: String) {
    guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")), colon != text.startIndex else { return (nil, text) }
    return (String(text[..<colon]), String(text[text.utf8.index(after: colon)...]))
  }

  /// A tolerance: a number that is not negative.
  static func tolerance(_ text: String, option: String) throws(ModelError) -> Double {
    guard let value = Double(text), value >= 0 else {
      throw ModelError(.usage, "\(option) takes a number that is not negative, not '\(text)'")
    }
    return value
  }

  /// `1,224,224,3`.
  static func extents(_ text: String, option: String) throws(ModelError) -> [Int] {
    var extents: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let extent = Int(part), extent >= 0 else {
        throw ModelError(.usage, "\(option) takes extents such as 1,224,224,3, not '\(text)'")
      }
      extents.append(extent)
    }
    return extents
  }

  private static func fileExists(_ path: String) -> Bool { FilePath.exists(path) }
}
