/// Writes protobuf's wire format, well-formed or not.
struct MessageBuilder {
  private(set) var bytes: [UInt8] = []

  static func varint(_ value: UInt64) -> [UInt8] {
    var rest = value
    var bytes: [UInt8] = []
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  func raw(_ more: [UInt8]) -> MessageBuilder {
    var copy = self
    copy.bytes += more
    return copy
  }

  func int(_ number: UInt64, _ value: UInt64) -> MessageBuilder {
    raw(Self.varint(number << 3) + Self.varint(value))
  }

  func bytes(_ number: UInt64, _ content: [UInt8]) -> MessageBuilder {
    raw(Self.varint(number << 3 | 2) + Self.varint(UInt64(content.count)) + content)
  }

  func text(_ number: UInt64, _ content: String) -> MessageBuilder { bytes(number, Array(content.utf8)) }

  func message(_ number: UInt64, _ content: MessageBuilder) -> MessageBuilder { bytes(number, content.bytes) }

  /// A ModelProto of IR 8, opset 17, around a graph.
  static func model(_ graph: MessageBuilder) -> MessageBuilder {
    MessageBuilder().int(1, 8).message(7, graph).message(8, MessageBuilder().int(2, 17))
  }

  /// A graph x → Relu → y, with more fields before its end.
  static func graph(_ more: MessageBuilder = MessageBuilder()) -> MessageBuilder {
    let node = MessageBuilder().text(1, "x").text(2, "y").text(4, "Relu")
    return MessageBuilder().message(1, node).message(11, value("x")).message(12, value("y")).raw(more.bytes)
  }

  static func value(_ name: String) -> MessageBuilder {
    let shape = MessageBuilder().message(1, MessageBuilder().int(1, 4))
    return MessageBuilder().text(1, name).message(
      2, MessageBuilder().message(1, MessageBuilder().int(1, 1).message(2, shape)))
  }
}
