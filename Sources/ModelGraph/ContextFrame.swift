/// One step of the way from a file to the place of a fault in it.
public enum ContextFrame: Hashable, Sendable {
  case file(String)
  case subgraph(String)
  /// A node: its name in the source (may be empty), its operator in the source's words, its position.
  case node(name: String, operator: String, index: Int?)
  case attribute(String)
  case tensor(String)
  case layer(String)
  case weight(String)
  case entry(String)

  /// The frame in words, as it stands in an error message; a file is printed in front of the message instead.
  public var description: String {
    switch self {
    case .file(let name): "file '\(name)'"
    case .subgraph(let name): "subgraph '\(name)'"
    case .node(let name, let operatorName, let index):
      "node '\(name)' (\(operatorName)\(index.map { ", #\($0)" } ?? ""))"
    case .attribute(let name): "attribute '\(name)'"
    case .tensor(let name): "tensor '\(name)'"
    case .layer(let name): "layer '\(name)'"
    case .weight(let name): "weight '\(name)'"
    case .entry(let name): "entry '\(name)'"
    }
  }
}

extension ModelError: CustomStringConvertible {
  /// The error in the words that the command line prints after `error: `.
  ///
  /// Control characters of names that came from a file are escaped, so that a file cannot write to the terminal.
  public var description: String {
    var file: [String] = []
    var place: [String] = []
    for frame in context {
      if case .file(let name) = frame { file = [name] } else { place.append(frame.description) }
    }
    var text = (file + ["\(code.words): \(message)"]).joined(separator: ": ")
    if let byteOffset { place.append("byte offset \(byteOffset)") }
    if !place.isEmpty { text += "\n  in " + place.joined(separator: " › ") }
    if let hint { text += "\n  hint: \(hint)" }
    return text.escapingControlCharacters(keepingLineFeeds: true)
  }
}

extension ModelError.Code {
  /// The code as it stands in a message.
  public var words: String {
    switch self {
    case .usage: "usage"
    case .malformed: "malformed"
    case .nonFinite: "not finite"
    case .noInput: "no such input"
    case .unsupported: "unsupported"
    case .internalFault: "internal fault"
    case .cannotCreate: "cannot create"
    case .inputOutput: "input/output"
    }
  }
}

extension String {
  /// The text with every control character but the tab written as `\u{…}`.
  public func escapingControlCharacters(keepingLineFeeds: Bool = false) -> String {
    guard unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      let isKept = scalar == "\t" || (keepingLineFeeds && scalar == "\n")
      if isControl && !isKept {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
