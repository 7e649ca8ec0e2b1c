public import ModelGraph

/// A JSON text that was read, as a list of tokens over its bytes: nothing is made of a value until somebody asks for it.
public final class JSONDocument: Sendable {
  /// One value or key. What is within an array or object follows it, keys and values in turn.
  struct Token: Sendable {
    enum Kind: UInt8 {
      case null, `false`, `true`, integer, double
      /// A string as it stands in the text: ASCII alone, or any UTF-8.
      case plain, unicode
      /// A string with escapes, which were resolved.
      case escaped
      case array, object
    }

    let kind: Kind
    /// The token behind this one and all that is within it.
    var next: UInt32
    /// The bits of a number, the place and length of a string, the index of a resolved one, the count of elements or members.
    var payload: UInt64
  }

  /// Bytes within a storage.
  public struct Text: Sendable {
    public let storage: any TensorStorage
    public let range: Range<Int>

    public init(_ storage: any TensorStorage, _ range: Range<Int>) {
      self.storage = storage
      self.range = range
    }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage.bytes[range]) }
  }

  private let text: Text
  /// The text's bytes, which live as long as it does.
  private nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
  private let tokens: [Token]
  private let resolved: [Text]

  init(text: Text, tokens: [Token], resolved: [Text]) {
    self.text = text
    self.tokens = tokens
    self.resolved = resolved
    bytes = text.bytes
  }

  /// The value that the text is.
  public var root: JSONElement { JSONElement(document: self, index: 0) }

  func token(_ index: Int) -> Token { tokens[index] }

  /// The bytes of a string in UTF-8, valid while the document lives.
  func utf8(_ index: Int) -> UnsafeRawBufferPointer {
    let token = tokens[index]
    if token.kind == .escaped { return resolved[Int(token.payload)].bytes }
    let start = Int(token.payload >> 32)
    return UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(token.payload & 0xFFFF_FFFF)])
  }

  /// Where a string lies.
  func place(_ index: Int) -> Text {
    let token = tokens[index]
    if token.kind == .escaped { return resolved[Int(token.payload)] }
    let start = text.range.lowerBound + Int(token.payload >> 32)
    return Text(text.storage, start..<start + Int(token.payload & 0xFFFF_FFFF))
  }
}
