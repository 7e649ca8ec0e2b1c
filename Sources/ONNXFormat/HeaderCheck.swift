internal import ModelGraph

/// Recognises a ModelProto by its first bytes.
enum HeaderCheck {
  /// The wire type of each field of ModelProto that may stand first: the IR version, producer, domain, model version,
  /// documentation, graph, operator sets, metadata, functions.
  private static let wireTypes: [UInt64: UInt64] = [
    1: 0, 2: 2, 3: 2, 4: 2, 5: 0, 6: 2, 7: 2, 8: 2, 14: 2, 20: 2, 25: 2, 26: 2,
  ]

  /// The tags with which a graph (7) and an operator set (8) can begin: each of their own fields.
  private static let firstTags: [UInt64: Set<UInt8>] = [
    7: [0x0A, 0x12, 0x2A, 0x52, 0x5A, 0x62, 0x6A, 0x72, 0x7A, 0x82], 8: [0x0A, 0x10],
  ]

  /// Whether every field that begins in `header` has a number and wire type of ModelProto, and one of them tells enough:
  /// an IR version in a plausible range, a graph, or an operator set.
  static func looksLikeModel(_ header: [UInt8]) -> Bool {
    header.withUnsafeBytes { bytes in
      var tells = false
      var reader = WireReader(bytes, 0..<bytes.count)
      while !reader.isAtEnd {
        guard let tag = try? reader.varint(), wireTypes[tag >> 3] == tag & 7 else { return false }
        guard let value = try? reader.varint() else { return tells }
        if tag == 1 << 3 {
          guard (1...64).contains(value) else { return false }
          tells = true
        }
        if tag & 7 == 2 {
          if let beginnings = firstTags[tag >> 3] {
            guard reader.offset < bytes.count else { return tells }
            guard value > 0, beginnings.contains(bytes[reader.offset]) else { return false }
            tells = true
          }
          // A field that goes beyond the header ends what can be told.
          guard let length = Int(exactly: value), reader.skip(length) else { return tells }
        }
      }
      return tells
    }
  }
}
